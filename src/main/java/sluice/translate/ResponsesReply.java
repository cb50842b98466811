package sluice.translate;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;
import sluice.protocol.sse.SseEvent;

/// One call of a caller that speaks Responses, once its request is written: whatever the target answers in, it is told
/// as the one canonical order of events.
///
/// @param answer reads the target's dialect and tells {@code told}
record ResponsesReply(Bytes request, ResponsesText told, Answer answer) implements Translation {
    @Override
    public Bytes whole(Bytes reply) throws BrokenReply {
        told.into(new ArrayList<>());
        return told.whole(answer.whole(reply));
    }

    @Override
    public void event(SseEvent event, List<Bytes> out) throws BrokenReply {
        if (told.isOver()) {
            return;
        }
        told.into(out);
        answer.event(event);
        if (answer.isDone()) {
            told.end(answer.end());
        }
    }

    @Override
    public void end(List<Bytes> out) throws BrokenReply {
        if (!told.isOver()) {
            told.into(out).end(answer.end());
        }
    }

    @Override
    public Bytes failed(String type, @Nullable String code, String message) {
        return told.failed(type, code, message);
    }
}
