package sluice.line;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;
import sluice.call.Dropped;
import sluice.json.NotJson;
import sluice.loop.Work;
import sluice.protocol.ModelRequest;
import sluice.protocol.StreamEvent;
import sluice.protocol.WholeReply;
import sluice.route.Route;
import sluice.translate.BrokenReply;
import sluice.translate.Translation;

/// One call on its way to a target and back: as it came where both sides speak one dialect, translated where they do
/// not.
sealed interface Passage {

    /// @throws NotJson when the call cannot be expressed in the target's dialect; worded for the caller
    static Passage open(Call call, Route route, Dropped dropped) throws NotJson {
        var asked = call.asked();
        var pair = route.pair();
        if (pair == null) {
            return new AsItCame(call, Untouched.of(asked));
        }
        var model = route.model().model();
        var traits = call.now().book().traits(model);
        try (var _ = call.aside(Work.TRANSLATION, asked.body())) {
            var translation = pair.begin(asked.body(), model, traits, dropped);
            var sent =
                    ModelRequest.read(route.spoken(), translation.request(), call.now().limits());
            return new Translated(call, sent, translation);
        }
    }

    /// What the target is asked.
    ModelRequest request();

    Bytes whole(WholeReply reply) throws BrokenReply;

    /// Adds to {@code out} what the caller sees of this event.
    void pass(StreamEvent event, List<Bytes> out) throws BrokenReply;

    /// The target's stream is over. Adds to {@code out} what the caller has still to see.
    void end(List<Bytes> out) throws BrokenReply;

    /// What keeps the caller's line open while the target is silent.
    List<Bytes> keepAlive();

    /// The end of a stream that cannot go on, in the caller's dialect.
    Bytes failed(String type, @Nullable String code, String message);

    record AsItCame(Call call, Untouched stream) implements Passage {
        @Override
        public ModelRequest request() {
            return call.asked();
        }

        @Override
        public Bytes whole(WholeReply reply) {
            return reply.body();
        }

        @Override
        public void pass(StreamEvent event, List<Bytes> out) {
            try (var _ = call.aside(Work.SCAN, event.source().raw())) {
                stream.pass(event, out);
            }
        }

        @Override
        public void end(List<Bytes> out) {}

        @Override
        public List<Bytes> keepAlive() {
            return KeepAlive.of(call.asked().dialect());
        }

        @Override
        public Bytes failed(String type, @Nullable String code, String message) {
            return stream.failed(type, code, message);
        }
    }

    record Translated(Call call, ModelRequest request, Translation translation) implements Passage {
        @Override
        public Bytes whole(WholeReply reply) throws BrokenReply {
            try (var _ = call.aside(Work.TRANSLATION, reply.body())) {
                return translation.whole(reply.body());
            }
        }

        @Override
        public void pass(StreamEvent event, List<Bytes> out) throws BrokenReply {
            switch (event) {
                case StreamEvent.Part _, StreamEvent.Done _ -> {
                    try (var _ = call.aside(Work.TRANSLATION, event.source().raw())) {
                        translation.event(event.source(), out);
                    }
                }
                case StreamEvent.Comment _ -> out.addAll(keepAlive());
                case StreamEvent.Failed _ ->
                        throw new IllegalStateException("a failure is not passed on, it is told");
            }
        }

        @Override
        public void end(List<Bytes> out) throws BrokenReply {
            translation.end(out);
        }

        @Override
        public List<Bytes> keepAlive() {
            return KeepAlive.of(call.asked().dialect());
        }

        @Override
        public Bytes failed(String type, @Nullable String code, String message) {
            return translation.failed(type, code, message);
        }
    }
}
