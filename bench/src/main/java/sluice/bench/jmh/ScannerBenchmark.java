package sluice.bench.jmh;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import sluice.call.Bytes;
import sluice.json.Fields;
import sluice.json.Governed;
import sluice.json.Limits;
import sluice.json.NotJson;
import sluice.json.Pieces;
import sluice.json.Splice;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// What it costs to know a chat body: our scan, our scan with the model replaced, and Jackson's streaming parser
/// skipping every value to find the same name. Aims: 1 KB within 0.6 us, 1 MB of ASCII within 250 us.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ScannerBenchmark {
    private static final Governed CHAT =
            Governed.of(
                    "model",
                    "stream",
                    "stream_options",
                    "messages",
                    "max_tokens",
                    "max_completion_tokens",
                    "n",
                    "user");
    private static final JsonFactory JACKSON = new JsonFactory();

    /// 0.5 KB, 1 KB, 10 KB, 100 KB and 1 MB.
    @Param({"512", "1024", "10240", "102400", "1048576"})
    private int size;

    @Param({"ascii", "escaped", "chinese"})
    private String text = "";

    private Bytes body = Bytes.EMPTY;

    @Setup
    public void prepare() {
        body = Bytes.utf8(chat(size, sentence(text)));
    }

    @Benchmark
    public Fields scan() throws NotJson {
        return Fields.scan(body, CHAT, Limits.DEFAULT);
    }

    @Benchmark
    public Pieces scanAndSpliceTheModel() throws NotJson {
        return Splice.of(Fields.scan(body, CHAT, Limits.DEFAULT)).put("model", "gpt-4.1").pieces();
    }

    @Benchmark
    public int jacksonSkipsToTheEnd() {
        int models = 0;
        try (JsonParser parser =
                JACKSON.createParser(
                        ObjectReadContext.empty(), body.array(), body.from(), body.length())) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                if (parser.currentName().equals("model")) {
                    models++;
                }
                parser.nextToken();
                parser.skipChildren();
            }
        }
        return models;
    }

    private static String sentence(String text) {
        return switch (text) {
            case "ascii" ->
                    "The gateway forwards the original bytes and changes only its own fields. ";
            case "escaped" -> "if (x == \\\"y\\\") {\\n    return gateway.forward(bytes);\\n}\\n";
            case "chinese" -> "网关转发原始字节，只更改其拥有的字段，其他内容不会移动。";
            default -> throw new IllegalArgumentException(text);
        };
    }

    /// Messages of a quarter of the body each, at most about 4 KB.
    private static String chat(int size, String sentence) {
        var body =
                new StringBuilder(
                        """
                        {"model":"databricks-claude-sonnet-4","temperature":0.7,"max_tokens":1024,"stream":true,\
                        "stream_options":{"include_usage":true},"messages":[\
                        {"role":"system","content":"You are a helpful assistant."}\
                        """);
        int bytes = body.length();
        int width = Bytes.utf8(sentence).length();
        for (int turn = 0; bytes < size; turn++) {
            int sentences = Math.max(1, Math.min(4096, size / 4) / width);
            var role = turn % 2 == 0 ? "user" : "assistant";
            body.append(",{\"role\":\"").append(role).append("\",\"content\":\"");
            body.append(sentence.repeat(sentences)).append("\"}");
            bytes += 30 + sentences * width;
        }
        return body.append("]}").toString();
    }
}
