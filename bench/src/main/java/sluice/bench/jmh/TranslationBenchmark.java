package sluice.bench.jmh;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import sluice.call.Bytes;
import sluice.call.Dialect;
import sluice.call.Dropped;
import sluice.call.ModelTraits;
import sluice.json.NotJson;
import sluice.protocol.sse.EventTooLarge;
import sluice.protocol.sse.SseEvent;
import sluice.protocol.sse.SseReader;
import sluice.translate.BrokenReply;
import sluice.translate.Pair;
import sluice.translate.Pairs;
import sluice.translate.Translation;

/// What it costs to put a call in another dialect: a request, and one frame of a stream. Aims: a request of 0.5 KB within
/// 25 us, one of 100 KB within 1.5 ms, a frame within 4 us.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class TranslationBenchmark {
    private static final int FRAMES = 100;

    @Param({"CHAT", "MESSAGES"})
    private Dialect asked = Dialect.CHAT;

    private Pair pair =
            (body, model, traits, dropped) -> {
                throw NotJson.field("pair", "is not set");
            };
    private Bytes small = Bytes.EMPTY;
    private Bytes large = Bytes.EMPTY;
    private List<SseEvent> stream = List.of();

    @Setup
    public void prepare() throws EventTooLarge {
        var spoken = asked == Dialect.CHAT ? Dialect.MESSAGES : Dialect.CHAT;
        var pairs = Pairs.create(() -> Instant.EPOCH, () -> "id");
        pair = Objects.requireNonNull(pairs.between(asked, spoken));
        small = Bytes.utf8(request(512));
        large = Bytes.utf8(request(100 << 10));
        stream = new SseReader(1 << 20).read(Bytes.utf8(stream(asked)));
    }

    @Benchmark
    public Bytes requestOfHalfAKilobyte() throws NotJson {
        return begin(small).request();
    }

    @Benchmark
    public Bytes requestOfAHundredKilobytes() throws NotJson {
        return begin(large).request();
    }

    /// A hundred frames with their beginning and end, counted as a hundred.
    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public List<Bytes> frame() throws NotJson, BrokenReply {
        var translation = begin(small);
        var out = new ArrayList<Bytes>(FRAMES * 4);
        for (var event : stream) {
            translation.event(event, out);
        }
        translation.end(out);
        return out;
    }

    private Translation begin(Bytes body) throws NotJson {
        return pair.begin(body, "model-as-sent", ModelTraits.UNKNOWN, new Dropped());
    }

    private static String request(int size) {
        var sentence = "The gateway puts a call in the words of another dialect, and back. ";
        var body =
                new StringBuilder(
                        "{\"model\":\"databricks-claude-sonnet-4\",\"temperature\":0.7,\"max_tokens\":1024,\"stream\":true,\"messages\":[");
        for (int turn = 0; turn == 0 || body.length() < size; turn++) {
            body.append(turn == 0 ? "" : ",").append("{\"role\":\"");
            body.append(turn % 2 == 0 ? "user" : "assistant").append("\",\"content\":\"");
            body.append(sentence.repeat(Math.min(30, 1 + size / 256))).append("\"}");
        }
        return body.append("]}").toString();
    }

    private static String stream(Dialect asked) {
        var stream = new StringBuilder();
        if (asked == Dialect.MESSAGES) {
            for (int i = 0; i < FRAMES; i++) {
                stream.append(
                        "data:"
                                + " {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"gpt-5\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\""
                                + " words\"},\"finish_reason\":null}]}\n\n");
            }
            return stream.append("data: [DONE]\n\n").toString();
        }
        stream.append(
                "event: message_start\n"
                        + "data:"
                        + " {\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"model\":\"claude\",\"usage\":{\"input_tokens\":1}}}\n\n"
                        + "event: content_block_start\n"
                        + "data:"
                        + " {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n");
        for (int i = 0; i < FRAMES; i++) {
            stream.append(
                    "event: content_block_delta\n"
                            + "data:"
                            + " {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\""
                            + " words\"}}\n\n");
        }
        return stream.append("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n")
                .toString();
    }
}
