package sluice.translate;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;
import sluice.call.Dropped;
import sluice.call.ModelTraits;
import sluice.json.NotJson;
import sluice.protocol.sse.EventTooLarge;
import sluice.protocol.sse.SseEvent;
import sluice.protocol.sse.SseReader;

/// Two pairs, one behind the other, where no pair leads straight: the request passes the first and then the second, the
/// reply the second and then the first.
final class Chained implements Pair {
    /// What passes in the middle is ours, made from events that were measured when they came.
    private static final int MAX_EVENT_BYTES = Integer.MAX_VALUE;

    private final Pair asked;
    private final Pair spoken;

    /// @param asked from the caller's dialect to the one in the middle
    /// @param spoken from the one in the middle to the target's
    Chained(Pair asked, Pair spoken) {
        this.asked = asked;
        this.spoken = spoken;
    }

    @Override
    public Translation begin(Bytes request, String model, ModelTraits traits, Dropped dropped)
            throws NotJson {
        var near = asked.begin(request, model, traits, dropped);
        return new Both(near, spoken.begin(near.request(), model, traits, dropped));
    }

    private static final class Both implements Translation {
        private final Translation near;
        private final Translation far;
        private final SseReader middle = new SseReader(MAX_EVENT_BYTES);

        Both(Translation near, Translation far) {
            this.near = near;
            this.far = far;
        }

        @Override
        public Bytes request() {
            return far.request();
        }

        @Override
        public Bytes whole(Bytes reply) throws BrokenReply {
            return near.whole(far.whole(reply));
        }

        @Override
        public void event(SseEvent event, List<Bytes> out) throws BrokenReply {
            var between = new ArrayList<Bytes>(2);
            far.event(event, between);
            pass(between, out);
        }

        @Override
        public void end(List<Bytes> out) throws BrokenReply {
            var between = new ArrayList<Bytes>(2);
            far.end(between);
            pass(between, out);
            near.end(out);
        }

        private void pass(List<Bytes> between, List<Bytes> out) throws BrokenReply {
            for (var bytes : between) {
                try {
                    for (var event : middle.read(bytes)) {
                        near.event(event, out);
                    }
                } catch (EventTooLarge tooLarge) {
                    throw new BrokenReply("an event is too large to be translated");
                }
            }
        }

        @Override
        public Bytes failed(String type, @Nullable String code, String message) {
            return near.failed(type, code, message);
        }
    }
}
