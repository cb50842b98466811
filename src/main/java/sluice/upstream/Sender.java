package sluice.upstream;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;
import sluice.call.CallFailed;
import sluice.call.Dialect;
import sluice.call.Failure;
import sluice.json.NotJson;
import sluice.json.Pieces;
import sluice.loop.Strand;
import sluice.loop.Work;
import sluice.protocol.ReplyReader;
import sluice.protocol.StreamEvent;
import sluice.protocol.anthropic.MessageReplies;
import sluice.protocol.openai.ChatReplies;
import sluice.protocol.openai.EmbeddingReplies;
import sluice.protocol.openai.InvocationReplies;
import sluice.protocol.openai.ResponseReplies;
import sluice.protocol.sse.EventTooLarge;
import sluice.protocol.sse.SseReader;

/// Sends one call in one dialect and makes sure of the answer's beginning: the status first, then,
/// of a stream, the first event, because some targets report their error there under status 200.
/// What differs between providers comes in: the path, and how they word a refusal.
public final class Sender {
    private static final Duration UNTIL_THE_END = Duration.ofDays(1);
    private static final Bytes BLANK_LINE = Bytes.utf8("\n\n");

    private final Wires wires;
    private final Clock clock;
    private final Function<ErrorAnswer, Failure.Upstream> refusal;

    /// @param refusal what a status other than 200 means at this provider
    public Sender(Wires wires, Clock clock, Function<ErrorAnswer, Failure.Upstream> refusal) {
        this.wires = wires;
        this.clock = clock;
        this.refusal = refusal;
    }

    public Reply send(Strand strand, Sent sent) {
        var accept = sent.stream() ? "text/event-stream" : "application/json";
        var transfer =
                wires.post(strand, sent.path(), sent.body(), accept, sent.headers())
                        .within(sent.stream() ? sent.patience() : sent.patience().forWhole());
        try {
            int status = transfer.awaitStatus();
            if (status != 200) {
                throw refused(transfer, status).asException();
            }
            if (transfer.isEncoded()) {
                throw transfer.broken("it is compressed, although that was not offered");
            }
            var reader = reader(sent.dialect());
            return sent.stream() ? beginning(transfer, reader, sent) : whole(transfer, reader);
        } catch (RuntimeException | Error failed) {
            transfer.close(); // what is still to be sent may soon be another call's array
            throw failed;
        }
    }

    /// One request as it goes out.
    ///
    /// @param path behind the target's base
    /// @param headers by lower-case name, beside those that every request has
    /// @param timed whether the moment of the first token is wanted
    public record Sent(
            Dialect dialect,
            String path,
            Pieces body,
            boolean stream,
            Map<String, String> headers,
            Patience patience,
            boolean timed) {}

    private static ReplyReader reader(Dialect dialect) {
        return switch (dialect) {
            case CHAT, COMPLETIONS -> new ChatReplies();
            case RESPONSES -> new ResponseReplies();
            case EMBEDDINGS -> new EmbeddingReplies();
            case MESSAGES, COUNT_TOKENS -> new MessageReplies();
            case INVOCATIONS -> new InvocationReplies();
        };
    }

    /// A refusal, read with its body as far as that matters.
    public Failure.Upstream refused(Transfer transfer, int status) {
        boolean wordless = status >= 300 && status < 400;
        var body = wordless ? Bytes.EMPTY : errorBody(transfer);
        return refusal(status, body, transfer);
    }

    /// Nobody charges for a refusal, so a call that finds no worker for its words is not busy with an answer: the status
    /// counts without them.
    private Failure.Upstream refusal(int status, Bytes body, Transfer transfer) {
        try (var _ = transfer.aside(Work.PATTERNS, body.length())) {
            return worded(status, body, transfer);
        } catch (CallFailed stopped) {
            if (stopped.failure() instanceof Failure.Busy) {
                return worded(status, Bytes.EMPTY, transfer);
            }
            throw stopped;
        }
    }

    private Failure.Upstream worded(int status, Bytes body, Transfer transfer) {
        return refusal.apply(
                ErrorAnswer.read(status, clean(body), transfer::header, clock.instant()));
    }

    private Bytes clean(Bytes answer) {
        return wires.target().withoutSecrets(answer);
    }

    /// The status counts even when its body breaks off.
    private static Bytes errorBody(Transfer transfer) {
        try {
            return transfer.readSome(ErrorAnswer.MAX_BYTES);
        } catch (CallFailed cut) {
            if (cut.failure() instanceof Failure.Upstream) {
                return Bytes.EMPTY;
            }
            throw cut;
        }
    }

    private Reply whole(Transfer transfer, ReplyReader reader) {
        if (transfer.isOfType("text/html")) {
            throw transfer.broken("an HTML page");
        }
        var body = transfer.readAll(wires.target().maxResponseBytes());
        try (var _ = transfer.aside(Work.SCAN, body.length())) {
            var document = reader.whole(body);
            if (document.isError()) {
                throw failureInside(body, transfer).asException();
            }
            return new Reply.Whole(document, () -> quota(transfer));
        } catch (NotJson not) {
            throw transfer.broken("not a JSON object");
        }
    }

    private @Nullable Quota quota(Transfer transfer) {
        return Quota.of(transfer::header, clock.instant());
    }

    private Reply beginning(Transfer transfer, ReplyReader reader, Sent sent) {
        if (!transfer.isOfType("text/event-stream")) {
            throw notAStream(transfer, reader);
        }
        var stream = new Stream(transfer, reader, sent.timed() || sent.patience().asksForToken());
        stream.awaitBeginning(sent.patience());
        return stream;
    }

    private RuntimeException notAStream(Transfer transfer, ReplyReader reader) {
        if (transfer.isOfType("application/json")) {
            var body = transfer.readSome(ErrorAnswer.MAX_BYTES);
            try {
                if (reader.whole(body).isError()) {
                    return failureInside(body, transfer).asException();
                }
            } catch (NotJson not) {
                // said below
            }
        }
        return transfer.broken("a stream was asked for and something else came");
    }

    /// An error document under status 200. Its own number, when it has one, stands for the status. Where the document is
    /// too much for a loop to look through, the call is off it already.
    private Failure.Upstream failureInside(Bytes document, Transfer transfer) {
        return refusal(ErrorStatus.of(document), document, transfer);
    }

    /// The events of a reply whose beginning is good.
    private final class Stream implements Reply.Streamed {
        /// A single tool argument may be large, an event of this size is a fault.
        private static final int MAX_EVENT_BYTES = 16 << 20;

        private final Transfer transfer;
        private final ReplyReader replies;
        private final SseReader reader = new SseReader(MAX_EVENT_BYTES);
        private List<StreamEvent> first = List.of();
        private boolean spoken;
        private boolean finished;
        private @Nullable RuntimeException failure;
        private boolean over;

        /// Whether events are still looked at for the first token.
        private boolean awaitsToken;

        private long firstTokenNanos;

        Stream(Transfer transfer, ReplyReader replies, boolean timed) {
            this.transfer = transfer;
            this.replies = replies;
            this.awaitsToken = timed;
        }

        /// Waits for an event that says something; comments do not.
        void awaitBeginning(Patience patience) {
            while (first.stream().noneMatch(Stream::says)) {
                first = read(untilToken(patience));
                if (first.isEmpty() && over) {
                    throw transfer.broken("a stream without a single event");
                }
                transfer.throwIfTokenIsLate();
            }
            if (patience.asksForToken()) {
                awaitToken(patience);
            }
        }

        /// Waits on, and keeps what comes before the token. A stream that finishes without one has begun as well as it
        /// ever will.
        private void awaitToken(Patience patience) {
            var kept = new ArrayList<>(first);
            while (awaitsToken && !finished && !over) {
                transfer.throwIfTokenIsLate();
                for (var event : read(untilToken(patience))) {
                    if (says(event)) {
                        kept.add(event);
                    }
                }
            }
            first = kept;
        }

        private static Duration untilToken(Patience patience) {
            return patience.asksForToken()
                    ? Duration.ofNanos(patience.firstTokenNanos() - System.nanoTime())
                    : UNTIL_THE_END;
        }

        private static boolean says(StreamEvent event) {
            return !(event instanceof StreamEvent.Comment);
        }

        @Override
        public boolean isOver() {
            return over && first.isEmpty() && failure == null;
        }

        @Override
        public List<StreamEvent> next(Duration patience) {
            var beginning = first;
            if (!beginning.isEmpty()) {
                first = List.of();
                return beginning;
            }
            return read(patience);
        }

        /// Reads until an event is whole, and past those that only a part came of.
        private List<StreamEvent> read(Duration patience) {
            long end = System.nanoTime() + patience.toNanos();
            var events = new ArrayList<StreamEvent>(1);
            while (events.isEmpty()) {
                throwFailure();
                var bytes = transfer.next(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
                if (bytes == null) {
                    end(events);
                    break;
                }
                if (bytes.isEmpty()) {
                    break;
                }
                take(bytes, events);
                if (over) {
                    break;
                }
            }
            return events;
        }

        private void throwFailure() {
            var failed = failure;
            if (failed != null) {
                throw failed;
            }
        }

        /// What came before a fault is given first; the fault itself at the next turn.
        private void take(Bytes bytes, List<StreamEvent> events) {
            try (var _ = transfer.aside(Work.SCAN, reader.toWorkAt(bytes))) {
                for (var event : reader.read(bytes)) {
                    if (!over && failure == null) {
                        take(replies.event(event), events);
                    }
                }
            } catch (EventTooLarge tooLarge) {
                failure = transfer.broken("an event larger than " + MAX_EVENT_BYTES + " bytes");
            } catch (NotJson not) {
                failure = transfer.broken("an event that is not JSON");
            }
        }

        private void take(StreamEvent event, List<StreamEvent> events) {
            switch (event) {
                case StreamEvent.Failed failed -> {
                    failure = failureInside(failed.data(), transfer).asException();
                    return;
                }
                case StreamEvent.Part part -> {
                    spoken = true;
                    finished |= part.isFinish();
                    lookForToken(part);
                }
                case StreamEvent.Done _ -> over = true;
                case StreamEvent.Comment _ -> {}
            }
            events.add(event);
        }

        private void lookForToken(StreamEvent.Part part) {
            if (awaitsToken && replies.isToken(part)) {
                awaitsToken = false;
                firstTokenNanos = System.nanoTime();
            }
        }

        @Override
        public long firstTokenNanos() {
            return firstTokenNanos;
        }

        @Override
        public long lastBytesNanos() {
            return transfer.progressNanos();
        }

        @Override
        public @Nullable Quota quota() {
            return Sender.this.quota(transfer);
        }

        /// A stream that finished what it said but forgot the terminator gets one, whatever came
        /// behind the finish; one that did not finish is broken.
        private void end(List<StreamEvent> events) {
            if (!reader.atBoundary()) {
                take(BLANK_LINE, events); // the last event may lack the blank line behind it
                throwFailure();
            }
            if (over) {
                return;
            }
            var terminator = replies.terminator();
            if (!finished || terminator == null || !reader.atBoundary()) {
                throw transfer.broken(
                        spoken
                                ? "the stream ended in the middle"
                                : "a stream without a single event");
            }
            over = true;
            events.add(new StreamEvent.Done(terminator, null));
        }

        @Override
        public void close() {
            if (over) {
                transfer.release();
            } else {
                transfer.close();
            }
        }
    }
}
