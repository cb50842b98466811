package sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// What the ledger's lines of a call say in words.
class CallExplainTest {
    private static final String LINES =
            """
            {"time":"2026-07-01T12:00:00Z","id":"other","operation":"chat","asked":"the-call","status":200}
            {"time":"2026-07-01T12:00:00Z","id":"the-call","line":"attempt","asked":"assistant","resolved":"a/m",\
            "attempt":1,"failure":"faulted","next":"fallback","why":"status 503","micros":{"total":12345}}
            {"time":"2026-07-01T12:00:00Z","id":"the-call","operation":"chat","asked":"assistant","resolved":"b/m",\
            "status":200,"failure":null,"attempt":2,"routing":[{"model":"assistant","strategy":"weight-based-routing",\
            "considered":[{"target":"a/m","health":"fit","samples":3,"micros_per_token":12500,"chosen":true},\
            {"target":"b/m","health":"unhealthy","samples":0,"chosen":false},\
            {"target":"c/m","skipped":"metadata_match","samples":0,"chosen":false}]}],"micros":{"total":20000}}
            """;

    @TempDir private Path directory = Path.of("");

    private record Said(int exitCode, String out, String err) {}

    private Said explain(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        int exitCode =
                new CommandLine(new CallExplain())
                        .setOut(new PrintWriter(out))
                        .setErr(new PrintWriter(err))
                        .execute(arguments);
        return new Said(exitCode, out.toString(), err.toString());
    }

    private String ledger(String name, String lines) throws IOException {
        return Files.writeString(directory.resolve(name), lines).toString();
    }

    @Test
    void aCallIsTold() throws IOException {
        var said =
                explain(
                        "--call",
                        "the-call",
                        "--ledger",
                        ledger("l.jsonl", LINES + "{\"id\":\"the-c"));

        assertThat(said.exitCode()).isZero();
        assertThat(said.out())
                .isEqualTo(
                        """
                        attempt 1 at a/m: faulted after 12.3 ms, then fallback (status 503)
                        call the-call of 2026-07-01T12:00:00Z for 'assistant': status 200, 2 attempts, 20.0 ms in all
                          the last one went to b/m
                          assistant, weight-based-routing, when the first target was chosen:
                            -> a/m  fit, 12.5 ms a token (3 samples)
                               b/m  unhealthy, no samples
                               c/m  left out: metadata_match, no samples
                        """);
    }

    @Test
    void itsLinesAreShownAsTheyAre() throws IOException {
        var said = explain("--call", "the-call", "--json", "--ledger", ledger("l.jsonl", LINES));
        assertThat(said.out().lines()).hasSize(2).allMatch(line -> line.contains("\"the-call\""));
    }

    @Test
    void aFileThatWasSetAsideIsReadToo() throws IOException {
        var newest = ledger("l.jsonl", "{\"id\":\"newer\"}\n");
        ledger("l.jsonl.1", LINES);
        assertThat(explain("--call", "the-call", "--ledger", newest).exitCode()).isZero();
    }

    @Test
    void whatIsNotThereIsSaid() throws IOException {
        var unknown = explain("--call", "nobodys", "--ledger", ledger("l.jsonl", LINES));
        assertThat(unknown.exitCode()).isEqualTo(1);
        assertThat(unknown.err()).contains("has no call 'nobodys'");

        var missing = explain("--call", "x", "--ledger", directory.resolve("none").toString());
        assertThat(missing.exitCode()).isEqualTo(2);
        assertThat(missing.err()).contains("cannot read the ledger", "none");
    }

    @Test
    void aGatewayThatIsNotThereIsSaid() {
        var err = new StringWriter();
        int exitCode =
                new CommandLine(new RouteExplain(Map.<String, String>of()::get))
                        .setErr(new PrintWriter(err))
                        .execute("assistant", "--url", "http://127.0.0.1:1");
        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString()).contains("no gateway answers at http://127.0.0.1:1");
    }
}
