package sluice.line;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;
import sluice.call.Dialect;
import sluice.call.Dropped;
import sluice.json.NotJson;
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
    static Passage open(ModelRequest asked, Route route, Snapshot now, Dropped dropped)
            throws NotJson {
        var pair = route.pair();
        if (pair == null) {
            return new AsItCame(asked, Untouched.of(asked));
        }
        var model = route.model().model();
        var traits = now.book().traits(model);
        var translation = pair.begin(asked.body(), model, traits, dropped);
        var sent = ModelRequest.read(route.spoken(), translation.request(), now.limits());
        return new Translated(asked.dialect(), sent, translation);
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

    record AsItCame(ModelRequest request, Untouched stream) implements Passage {
        @Override
        public Bytes whole(WholeReply reply) {
            return reply.body();
        }

        @Override
        public void pass(StreamEvent event, List<Bytes> out) {
            stream.pass(event, out);
        }

        @Override
        public void end(List<Bytes> out) {}

        @Override
        public List<Bytes> keepAlive() {
            return KeepAlive.of(request.dialect());
        }

        @Override
        public Bytes failed(String type, @Nullable String code, String message) {
            return stream.failed(type, code, message);
        }
    }

    record Translated(Dialect asked, ModelRequest request, Translation translation)
            implements Passage {
        @Override
        public Bytes whole(WholeReply reply) throws BrokenReply {
            return translation.whole(reply.body());
        }

        @Override
        public void pass(StreamEvent event, List<Bytes> out) throws BrokenReply {
            switch (event) {
                case StreamEvent.Part _, StreamEvent.Done _ ->
                        translation.event(event.source(), out);
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
            return KeepAlive.of(asked);
        }

        @Override
        public Bytes failed(String type, @Nullable String code, String message) {
            return translation.failed(type, code, message);
        }
    }
}
