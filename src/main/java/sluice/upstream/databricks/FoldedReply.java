package sluice.upstream.databricks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;
import sluice.call.Failure;
import sluice.json.NotJson;
import sluice.loop.Strand;
import sluice.loop.Work;
import sluice.protocol.ReplyReader;
import sluice.protocol.StreamEvent;
import sluice.protocol.WholeReply;
import sluice.protocol.openai.ChatReplies;
import sluice.protocol.sse.SseEvent;
import sluice.upstream.Question;
import sluice.upstream.Quota;
import sluice.upstream.Reply;

/// A workspace's chat reply in the shape that clients of the format read; see {@link ContentLists}.
final class FoldedReply {
    private static final Bytes DATA = Bytes.utf8("data: ");
    private static final Bytes END = Bytes.utf8("\n\n");

    private FoldedReply() {}

    /// @param strand on which the reply is read
    static Reply of(Reply reply, String target, Strand strand, Question question) {
        return switch (reply) {
            case Reply.Whole(var document, var limits) ->
                    new Reply.Whole(folded(document, target, strand, question), limits);
            case Reply.Streamed stream -> new Folding(stream, target, strand, question);
        };
    }

    private static WholeReply folded(
            WholeReply document, String target, Strand strand, Question question) {
        long length = document.body().length();
        try (var _ = question.asideWithAnswer(strand, Work.SCAN, length)) {
            return ContentLists.mayBeIn(document.body())
                    ? read(document, target, strand, question)
                    : document;
        }
    }

    private static WholeReply read(
            WholeReply document, String target, Strand strand, Question question) {
        try (var _ = question.asideWithAnswer(strand, Work.TRANSLATION, document.body().length())) {
            var folded = ContentLists.whole(document.body());
            return folded == null
                    ? document
                    : new WholeReply(folded, document.usage(), document.isError());
        } catch (NotJson broken) {
            throw protocolError(target);
        }
    }

    private static RuntimeException protocolError(String target) {
        return new Failure.ProtocolError(target, "choices that cannot be read").asException();
    }

    private static final class Folding implements Reply.Streamed {
        private final Reply.Streamed stream;
        private final String target;
        private final Strand strand;
        private final Question question;
        private final ContentLists lists = new ContentLists();
        private final ReplyReader reader = new ChatReplies();

        Folding(Reply.Streamed stream, String target, Strand strand, Question question) {
            this.stream = stream;
            this.target = target;
            this.strand = strand;
            this.question = question;
        }

        @Override
        public List<StreamEvent> next(Duration patience) {
            var events = stream.next(patience);
            List<StreamEvent> copy = null;
            for (int i = 0; i < events.size(); i++) {
                var event = folded(events.get(i));
                if (event != null) {
                    copy = copy == null ? new ArrayList<>(events) : copy;
                    copy.set(i, event);
                }
            }
            return copy == null ? events : copy;
        }

        /// @return null when there is nothing to fold
        private @Nullable StreamEvent folded(StreamEvent event) {
            if (!(event instanceof StreamEvent.Part part)) {
                return null;
            }
            var chunk = part.source().data();
            try (var _ = question.asideWithAnswer(strand, Work.SCAN, chunk.length())) {
                return lists.concerns(chunk) ? read(chunk) : null;
            }
        }

        private @Nullable StreamEvent read(Bytes chunk) {
            try (var _ = question.asideWithAnswer(strand, Work.TRANSLATION, chunk.length())) {
                var data = lists.chunk(chunk);
                return data == null ? null : reader.event(new SseEvent(raw(data), data));
            } catch (NotJson broken) {
                throw protocolError(target);
            }
        }

        private static Bytes raw(Bytes data) {
            var raw = new byte[DATA.length() + data.length() + END.length()];
            int at = 0;
            for (var part : List.of(DATA, data, END)) {
                System.arraycopy(part.array(), part.from(), raw, at, part.length());
                at += part.length();
            }
            return Bytes.of(raw);
        }

        @Override
        public boolean isOver() {
            return stream.isOver();
        }

        @Override
        public long firstTokenNanos() {
            return stream.firstTokenNanos();
        }

        @Override
        public long lastBytesNanos() {
            return stream.lastBytesNanos();
        }

        @Override
        public @Nullable Quota quota() {
            return stream.quota();
        }

        @Override
        public void close() {
            stream.close();
        }
    }
}
