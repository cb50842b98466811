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
import sluice.call.Failure;
import sluice.json.NotJson;
import sluice.json.Pieces;
import sluice.loop.Strand;
import sluice.protocol.openai.ChatCompletion;
import sluice.protocol.openai.ChatEvent;
import sluice.protocol.sse.EventTooLarge;
import sluice.protocol.sse.SseReader;

/// Sends one chat completion in its own dialect and makes sure of the answer's beginning: the status first, then, of a
/// stream, the first event, because some targets report their error there under status 200. What differs between
/// providers comes in: the path, and how they word a refusal.
public final class ChatSender {
    private static final Duration UNTIL_THE_END = Duration.ofDays(1);
    private static final Bytes BLANK_LINE = Bytes.utf8("\n\n");
    private static final Bytes DONE = Bytes.utf8("data: [DONE]\n\n");

    private final Wires wires;
    private final Clock clock;
    private final Function<ErrorAnswer, Failure.Upstream> refusal;

    /// @param refusal what a status other than 200 means at this provider
    public ChatSender(Wires wires, Clock clock, Function<ErrorAnswer, Failure.Upstream> refusal) {
        this.wires = wires;
        this.clock = clock;
        this.refusal = refusal;
    }

    public ChatReply send(
            Strand strand, String path, Pieces body, boolean stream, Map<String, String> headers) {
        var accept = stream ? "text/event-stream" : "application/json";
        var transfer = wires.post(strand, path, body, accept, headers);
        try {
            int status = transfer.awaitStatus();
            if (status != 200) {
                throw refused(transfer, status).asException();
            }
            if (transfer.isEncoded()) {
                throw transfer.broken("it is compressed, although that was not offered");
            }
            return stream ? beginning(transfer) : whole(transfer);
        } catch (RuntimeException failed) {
            transfer.close();
            throw failed;
        }
    }

    /// A refusal, read with its body as far as that matters.
    public Failure.Upstream refused(Transfer transfer, int status) {
        boolean wordless = status >= 300 && status < 400;
        var body = wordless ? Bytes.EMPTY : errorBody(transfer);
        return refusal.apply(
                ErrorAnswer.read(
                        status, clean(body), transfer.header("retry-after"), clock.instant()));
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

    private ChatReply whole(Transfer transfer) {
        if (transfer.isOfType("text/html")) {
            throw transfer.broken("an HTML page");
        }
        var body = transfer.readAll(wires.target().maxResponseBytes());
        try {
            var completion = ChatCompletion.read(body);
            if (completion.isError()) {
                throw failureInside(body, transfer).asException();
            }
            return new ChatReply.Whole(completion);
        } catch (NotJson not) {
            throw transfer.broken("not a JSON object");
        }
    }

    private ChatReply beginning(Transfer transfer) {
        if (!transfer.isOfType("text/event-stream")) {
            throw notAStream(transfer);
        }
        var stream = new Stream(transfer);
        stream.awaitBeginning();
        return stream;
    }

    private RuntimeException notAStream(Transfer transfer) {
        if (transfer.isOfType("application/json")) {
            var body = transfer.readSome(ErrorAnswer.MAX_BYTES);
            try {
                if (ChatCompletion.read(body).isError()) {
                    return failureInside(body, transfer).asException();
                }
            } catch (NotJson not) {
                // said below
            }
        }
        return transfer.broken("a stream was asked for and something else came");
    }

    /// An error document under status 200. Its own number, when it has one, stands for the status.
    private Failure.Upstream failureInside(Bytes document, Transfer transfer) {
        return refusal.apply(
                ErrorAnswer.read(
                        ErrorStatus.of(document),
                        clean(document),
                        transfer.header("retry-after"),
                        clock.instant()));
    }

    /// The events of a reply whose beginning is good.
    private final class Stream implements ChatReply.Streamed {
        /// A single tool argument may be large, an event of this size is a fault.
        private static final int MAX_EVENT_BYTES = 16 << 20;

        private final Transfer transfer;
        private final SseReader reader = new SseReader(MAX_EVENT_BYTES);
        private List<ChatEvent> first = List.of();
        private boolean spoken;
        private boolean finished;
        private @Nullable RuntimeException failure;
        private boolean over;

        Stream(Transfer transfer) {
            this.transfer = transfer;
        }

        /// Waits for an event that says something; comments do not.
        void awaitBeginning() {
            while (first.stream().noneMatch(Stream::says)) {
                first = read(UNTIL_THE_END);
                if (first.isEmpty() && over) {
                    throw transfer.broken("a stream without a single event");
                }
            }
        }

        private static boolean says(ChatEvent event) {
            return !(event instanceof ChatEvent.Comment);
        }

        @Override
        public boolean isOver() {
            return over && first.isEmpty() && failure == null;
        }

        @Override
        public List<ChatEvent> next(Duration patience) {
            var beginning = first;
            if (!beginning.isEmpty()) {
                first = List.of();
                return beginning;
            }
            return read(patience);
        }

        /// Reads until an event is whole, and past those that only a part came of.
        private List<ChatEvent> read(Duration patience) {
            long end = System.nanoTime() + patience.toNanos();
            var events = new ArrayList<ChatEvent>(1);
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
        private void take(Bytes bytes, List<ChatEvent> events) {
            try {
                for (var event : reader.read(bytes)) {
                    if (!over && failure == null) {
                        take(ChatEvent.read(event), events);
                    }
                }
            } catch (EventTooLarge tooLarge) {
                failure = transfer.broken("an event larger than " + MAX_EVENT_BYTES + " bytes");
            } catch (NotJson not) {
                failure = transfer.broken("an event that is not JSON");
            }
        }

        private void take(ChatEvent event, List<ChatEvent> events) {
            switch (event) {
                case ChatEvent.Failed failed -> {
                    failure = failureInside(failed.data(), transfer).asException();
                    return;
                }
                case ChatEvent.Chunk chunk -> {
                    spoken = true;
                    finished |= chunk.isFinish();
                }
                case ChatEvent.Done _ -> over = true;
                case ChatEvent.Comment _ -> {}
            }
            events.add(event);
        }

        /// A stream that finished what it said but forgot the terminator gets one, whatever came behind the finish; one
        /// that did not finish is broken.
        private void end(List<ChatEvent> events) {
            if (!reader.atBoundary()) {
                take(BLANK_LINE, events); // the last event may lack the blank line behind it
                throwFailure();
            }
            if (over) {
                return;
            }
            if (!finished || !reader.atBoundary()) {
                throw transfer.broken(
                        spoken
                                ? "the stream ended in the middle"
                                : "a stream without a single event");
            }
            over = true;
            events.add(new ChatEvent.Done(DONE));
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
