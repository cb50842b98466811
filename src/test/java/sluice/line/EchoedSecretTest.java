package sluice.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.call.Secret;
import sluice.config.ExtraHeader;
import sluice.config.ModelSelection;
import tools.jackson.databind.json.JsonMapper;

/// A target that says back what it was sent, the gateway's own credentials included, and more than one line of it.
class EchoedSecretTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String TOKEN = "opaque/token+of=the-target";
    private static final String HEADER = "tenant/key+of=the-target";
    private static final String PARAMETER = "opaque/third+of=the-target";
    private static final List<String> SECRETS = List.of(TOKEN, HEADER, PARAMETER);
    private static final List<ExtraHeader> HEADERS =
            List.of(
                    new ExtraHeader("x-tenant-key", new Secret(HEADER)),
                    new ExtraHeader("x-authorization", new Secret("Opaque " + PARAMETER)));

    private static final List<String> ESCAPED =
            SECRETS.stream()
                    .map(EchoedSecretTest::escaped)
                    .map(text -> text.replace("\"", ""))
                    .toList();

    /// Would be lines of their own in a log, or turn or hide what stands before them.
    private static final String FORGED =
            "\n2026-11-20 ERROR forged\r\n{\"id\":\"forged\"}\u0085\u2028\u2029\u001b[2K\u202e\u2066\b\0";

    private static final String WORDS = "You sent " + String.join(" and ", SECRETS) + "." + FORGED;

    @TempDir private Path folder = Path.of("");

    /// Every form in which a target says no, with the words in it.
    static Stream<String> answers() {
        var answers = new LinkedHashMap<String, String>();
        var error =
                "{\"error\": {\"message\": %1$s, \"type\": %1$s, \"code\": %1$s, \"param\": %1$s}}";
        var quoted = JSON.writeValueAsString(WORDS);
        var document = error.formatted(quoted);
        for (int status : new int[] {400, 403, 404, 422, 429, 500, 503}) {
            answers.put("an error " + status, answer(status, "application/json", document));
            answers.put("text " + status, answer(status, "text/plain", WORDS));
        }
        answers.put("escaped", answer(400, "application/json", error.formatted(escaped(WORDS))));
        answers.put(
                "escaped in an unknown form",
                answer(400, "application/json", "[" + escaped(WORDS) + "]"));
        answers.put(
                "slashes escaped", answer(400, "application/json", document.replace("/", "\\/")));
        answers.put(
                "a platform's error",
                answer(
                        400,
                        "application/json",
                        """
                        {"error_code": "BAD_REQUEST", "message": %s}\
                        """
                                .formatted(
                                        JSON.writeValueAsString(
                                                "{\"message\": " + escaped(WORDS) + "}"))));
        answers.put("an error under 200", answer(200, "application/json", document));
        answers.put(
                "the first event", answer(200, "text/event-stream", "data: " + document + "\n\n"));
        answers.put(
                "a later event",
                answer(
                        200,
                        "text/event-stream",
                        """
                        data: {"choices": [{"index": 0, "delta": {"content": "hello"}}]}

                        data: %s

                        """
                                .formatted(document)));
        return answers.values().stream();
    }

    @ParameterizedTest
    @MethodSource("answers")
    void aCallerIsToldNoSecretOfOursAndNothingThatForges(String answer) throws IOException {
        var named = new ModelSelection.Named(List.of("m"));
        try (var log = new CapturedLog("ROOT");
                var upstream = RawUpstream.answering(wire -> wire.write(answer));
                var gateway =
                        StreamingGateway.plan(folder)
                                .with(upstream, named, TOKEN, HEADERS)
                                .start();
                var client = gateway.client()) {
            boolean stream = answer.contains("event-stream");
            var told = client.chat(stream ? Client.stream("raw/m") : Client.plain("raw/m"));

            assertThat(told.body()).contains("\"error\"").doesNotContain(SECRETS);
            for (var line : told.body().lines().filter(line -> line.contains("error")).toList()) {
                var error = JSON.readTree(line.replaceFirst("^data: ", "")).path("error");
                for (var word : List.of("message", "type", "code", "param")) {
                    checkWords(error.path(word).asString(""));
                }
                assertThat(error.path("message").asString())
                        .contains("(credential)")
                        .doesNotContain(ESCAPED);
            }
            assertThat(told.headers().toString()).doesNotContain(SECRETS).doesNotContain("forged");
            assertThat(gateway.ledger(1)).hasSize(1);
            assertThat(Files.readString(folder.resolve("ledger.jsonl")))
                    .doesNotContain(SECRETS)
                    .doesNotContain("forged");
            checkLog(log);
        }
    }

    @ParameterizedTest
    @MethodSource("answers")
    void theLogIsToldNoSecretOfOursAndNothingThatForges(String answer) {
        try (var log = new CapturedLog("ROOT");
                var upstream = RawUpstream.answering(wire -> wire.write(answer));
                var _ =
                        StreamingGateway.plan(folder)
                                .with(upstream, new ModelSelection.All(), TOKEN, HEADERS)
                                .start()) {
            if (!answer.startsWith("HTTP/1.1 200")) {
                assertThat(log.lines()).anyMatch(line -> line.contains("could not be listed"));
            }
            checkLog(log);
        }
    }

    private static void checkLog(CapturedLog log) {
        for (var line : log.lines()) {
            checkWords(line);
        }
    }

    private static void checkWords(String words) {
        assertThat(words)
                .doesNotContain(SECRETS)
                .doesNotContainPattern("[\\p{Cc}\u2028\u2029\u202e\u2066]");
    }

    private static String answer(int status, String type, String body) {
        return "HTTP/1.1 %d Said\r\ncontent-type: %s\r\nconnection: close\r\ncontent-length: %d\r\n\r\n%s"
                .formatted(
                        status,
                        type,
                        body.getBytes(java.nio.charset.StandardCharsets.UTF_8).length,
                        body);
    }

    /// A JSON string with every character escaped.
    private static String escaped(String text) {
        return text.chars()
                .mapToObj("\\u%04x"::formatted)
                .collect(Collectors.joining("", "\"", "\""));
    }
}
