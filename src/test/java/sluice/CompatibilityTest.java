package sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import sluice.call.Dialect;
import sluice.simulator.Behaviour;
import sluice.simulator.Recording;
import sluice.simulator.Request;
import sluice.speaker.Heard;
import sluice.speaker.Speaker;
import sluice.speaker.Wish;

/// Every dialect that callers speak before every kind of target, by the official clients and by the
/// bytes. What comes out is the table in {@code docs/compatibility.md}, which is compared, or
/// written with {@code -Dgolden=accept}.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CompatibilityTest {
    private static final Path TABLE = Path.of("docs/compatibility.md");
    private static final boolean ACCEPT = "accept".equals(System.getProperty("golden"));

    /// In which dialect each model is to be asked, by the dialect of the caller.
    private static final String EXPECTED =
            """
            target            model                                   chat      responses  messages  completions  embeddings
            openai            gpt-5-2                                 chat      responses  chat      completions  embeddings
            anthropic         claude-sonnet-4-5                       messages  messages   messages  messages     -
            custom-openai     gpt-5-2                                 chat      responses  chat      completions  embeddings
            custom-anthropic  claude-sonnet-4-5                       messages  messages   messages  messages     -
            serving           databricks-meta-llama-3-3-70b-instruct  chat      chat       chat      completions  -
            serving           databricks-claude-sonnet-4-5            chat      messages   messages  chat         -
            serving           databricks-gpt-5-2                      chat      responses  chat      chat         -
            serving           databricks-gte-large-en                 -         -          -         -            embeddings
            gateway           system.ai.meta-llama-3-3-70b-instruct   chat      chat       chat      chat         -
            gateway           system.ai.claude-sonnet-4-5             chat      messages   messages  chat         -
            gateway           system.ai.gpt-5-2                       chat      responses  chat      chat         -
            gateway           system.ai.gte-large-en                  -         -          -         -            embeddings
            """;

    private static final List<Dialect> DIALECTS =
            List.of(
                    Dialect.CHAT,
                    Dialect.RESPONSES,
                    Dialect.MESSAGES,
                    Dialect.COMPLETIONS,
                    Dialect.EMBEDDINGS);

    /// What a target answers with, and what the caller's status must be then.
    private static final Map<Integer, Integer> STATUSES =
            Map.of(
                    400, 400, 401, 502, 403, 403, 404, 404, 413, 413, 422, 422, 429, 429, 500, 502,
                    503, 503);

    private static final String THOUGHT = "The caller said something; I should answer in kind.";

    private TestGateway gateway;
    private final Map<Dialect, Speaker> speakers = new EnumMap<>(Dialect.class);
    private final Map<Cell, Set<Feature>> shown = new java.util.LinkedHashMap<>();

    /// One dialect before one model.
    ///
    /// @param spoken in which the target is asked, null when it cannot be
    private record Cell(Dialect asked, String target, String model, @Nullable Dialect spoken) {
        String name() {
            return target + "/" + model;
        }

        boolean isConversation() {
            return asked == Dialect.CHAT || asked == Dialect.RESPONSES || asked == Dialect.MESSAGES;
        }

        boolean isTheSame() {
            return asked == spoken;
        }
    }

    private enum Feature {
        PLAIN,
        STREAM,
        TOOLS,
        THINKING,
        USAGE,
        ERRORS;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        boolean isOf(Cell cell) {
            if (cell.spoken() == null) {
                return false;
            }
            return switch (this) {
                case PLAIN, USAGE, ERRORS -> true;
                case STREAM -> cell.asked() != Dialect.EMBEDDINGS;
                case TOOLS, THINKING -> cell.isConversation();
            };
        }
    }

    @BeforeAll
    void start() {
        gateway =
                TestGateway.planned()
                        .target(target("openai", "provider: openai"))
                        .target(target("anthropic", "provider: anthropic"))
                        .target(target("custom-openai", "provider: custom, base_format: openai"))
                        .target(
                                target(
                                        "custom-anthropic",
                                        "provider: custom, base_format: anthropic"))
                        .target(target("serving", "provider: databricks, surface: serving"))
                        .target(target("gateway", "provider: databricks, surface: gateway"))
                        .start();
        for (var dialect : DIALECTS) {
            speakers.put(dialect, Speaker.of(dialect, gateway.url(""), TestGateway.KEY));
        }
    }

    private static String target(String id, String kind) {
        return "id: %s, %s, base_url: \"WORKSPACE\", secret_key_ref: {env: WORKSPACE_TOKEN}"
                .formatted(id, kind);
    }

    @AfterAll
    void stop() {
        speakers.values().forEach(Speaker::close);
        gateway.close();
    }

    @TestFactory
    Stream<DynamicNode> everyDialectBeforeEveryTarget() {
        var dialects =
                DIALECTS.stream()
                        .<DynamicNode>map(dialect ->
                                dynamicContainer(
                                        dialect.token(),
                                        cells().stream()
                                                .filter(cell -> cell.asked() == dialect)
                                                .map(cell ->
                                                        dynamicContainer(
                                                                cell.name(), tests(cell)))));
        return Stream.concat(
                dialects, Stream.of(dynamicTest("docs/compatibility.md", this::checkTable)));
    }

    private Stream<DynamicNode> tests(Cell cell) {
        if (cell.spoken() == null) {
            return Stream.of(dynamicTest("refused", () -> refused(cell)));
        }
        return Stream.of(Feature.values())
                .filter(feature -> feature.isOf(cell))
                .map(feature ->
                        dynamicTest(
                                feature.word(),
                                () -> {
                                    show(feature, cell);
                                    shown.computeIfAbsent(cell, _ -> new LinkedHashSet<>())
                                            .add(feature);
                                }));
    }

    private void show(Feature feature, Cell cell) {
        gateway.workspace().recording().forget();
        gateway.workspace().nothingNext();
        switch (feature) {
            case PLAIN -> plain(cell);
            case STREAM -> stream(cell);
            case TOOLS -> tools(cell);
            case THINKING -> thinking(cell);
            case USAGE -> usage(cell);
            case ERRORS -> errors(cell);
        }
    }

    private static List<Cell> cells() {
        var rows = EXPECTED.lines().map(line -> line.split(" +", -1)).toList();
        var cells = new ArrayList<Cell>();
        for (var row : rows.subList(1, rows.size())) {
            for (int column = 2; column < row.length; column++) {
                var asked = Dialect.valueOf(rows.getFirst()[column].toUpperCase(Locale.ROOT));
                var spoken =
                        row[column].equals("-")
                                ? null
                                : Dialect.valueOf(row[column].toUpperCase(Locale.ROOT));
                cells.add(new Cell(asked, row[0], model(row[1], spoken), spoken));
            }
        }
        return cells;
    }

    /// Providers have models of their own for what is no conversation.
    private static String model(String usual, @Nullable Dialect spoken) {
        if (usual.equals("gpt-5-2") && spoken == Dialect.COMPLETIONS) {
            return "code-completion";
        }
        return usual.equals("gpt-5-2") && spoken == Dialect.EMBEDDINGS ? "gte-large-en" : usual;
    }

    // ---- the features ----

    private void plain(Cell cell) {
        var wish = Wish.hello(cell.name());

        var heard = speaker(cell).plain(wish);
        var answer = ask(cell, speaker(cell).body(wish, false));

        assertThat(heard.text()).isNotEmpty();
        if (cell.asked() != Dialect.EMBEDDINGS) {
            assertThat(heard.text()).contains("Hello there");
        }
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("content-type")).isEqualTo("application/json");
        assertThat(answer.header("x-sluice-resolved-model")).isEqualTo(cell.name());
        assertThat(answer.header("x-sluice-dropped")).isEmpty();
        var sent = lastRequest();
        assertThat(dialect(sent)).isEqualTo(cell.spoken());
        if (cell.isTheSame()) {
            assertThat(sent.text())
                    .as("the request's bytes, but for the model")
                    .isEqualTo(speaker(cell).body(wish, false).replace(cell.name(), modelOf(sent)));
            assertThat(undated(answer.text()))
                    .as("the answer's bytes")
                    .isEqualTo(undated(said(sent)));
        }
        nothingIsLostSilently(cell, wish);
    }

    /// A field that nobody knows arrives, or is told to be left out.
    private void nothingIsLostSilently(Cell cell, Wish wish) {
        var body = speaker(cell).body(wish, false).replaceFirst("\\{", "{\"zz_new\":[1],");

        var answer = ask(cell, body);

        if (lastRequest().text().contains("\"zz_new\":[1]")) {
            assertThat(cell.isTheSame()).isTrue();
            assertThat(answer.status()).isIn(200, 400);
            assertThat(answer.status() == 200 || answer.message().contains("zz_new"))
                    .as("only the target itself may refuse it: " + answer.text())
                    .isTrue();
        } else {
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("x-sluice-dropped").split(", *", -1)).contains("zz_new");
        }
    }

    private void stream(Cell cell) {
        var wish = Wish.hello(cell.name());

        var plain = speaker(cell).plain(wish);
        var streamed = speaker(cell).streamed(wish);
        var answer = ask(cell, speaker(cell).body(wish, true));

        assertThat(streamed).isEqualTo(plain);
        assertThat(speaker(cell).read(answer.text())).isEqualTo(plain);
        assertThat(answer.header("content-type")).isEqualTo("text/event-stream; charset=utf-8");
        assertThat(answer.header("x-sluice-resolved-model")).isEqualTo(cell.name());
        if (cell.isTheSame() && !movesUsage(cell.asked())) {
            assertThat(undated(answer.text()))
                    .as("the stream's bytes")
                    .isEqualTo(undated(said(lastRequest())));
        }
    }

    /// In these the usage of a stream is put where the standard has it.
    private static boolean movesUsage(Dialect dialect) {
        return dialect == Dialect.CHAT || dialect == Dialect.COMPLETIONS;
    }

    private void tools(Cell cell) {
        for (var behaviour : List.of("normal", "tools-parallel", "tools-interleaved")) {
            var heard = everyWay(cell, Wish.weatherAndTime(cell.name()), behaviour);

            assertThat(heard.calls())
                    .as(behaviour)
                    .hasSize(2)
                    .first()
                    .isEqualTo("weather {\"city\":\"some city\"}");
        }
        assertThat(everyWay(cell, Wish.weather(cell.name()), "tools-after-text"))
                .satisfies(heard -> assertThat(heard.calls()).hasSize(1))
                .satisfies(heard -> assertThat(heard.text()).isEqualTo("Let me look that up. "));
        assertThat(everyWay(cell, Wish.weather(cell.name()), "tools-braces").calls())
                .containsExactly("weather {}");
        assertThat(speaker(cell).resumed(Wish.weather(cell.name()), "sunny, 25 degrees").text())
                .startsWith("The tool answered: sunny, 25 degrees");
        assertThat(speaker(cell).resumed(Wish.weatherAndTime(cell.name()), "half past nine").text())
                .startsWith("The tool answered: half past nine");
    }

    private void thinking(Cell cell) {
        var heard = everyWay(cell, Wish.thought(cell.name()), "thinking");

        assertThat(heard.thinking()).isEqualTo(THOUGHT);
        assertThat(heard.text()).contains("Think about it");
    }

    private void usage(Cell cell) {
        if (cell.spoken() == Dialect.EMBEDDINGS || cell.spoken() == Dialect.COMPLETIONS) {
            // These know of no cache.
            assertThat(speaker(cell).plain(Wish.hello(cell.name())).tokens().input()).isPositive();
            return;
        }
        var heard = everyWay(cell, Wish.hello(cell.name()), "cached");

        assertThat(heard.tokens().output()).isPositive();
        assertThat(heard.tokens().cached()).isEqualTo(1_024);
        assertThat(heard.tokens().input()).isGreaterThanOrEqualTo(1_024 + 256);
        gateway.workspace().next("cached");
        var line =
                gateway.ledgerOf(ask(cell, speaker(cell).body(Wish.hello(cell.name()), true)).id());
        assertThat(line.at("/tokens/cache_read").asLong()).isEqualTo(1_024);
        assertThat(line.at("/tokens/output").asLong()).isEqualTo(heard.tokens().output());
        assertThat(line.at("/tokens/estimated").asBoolean()).isFalse();
    }

    private void errors(Cell cell) {
        STATUSES.forEach((status, expected) -> {
            var behaviour = Behaviour.NORMAL.with("error=own", "status=" + status);
            boolean overloaded = expected == 503 && cell.asked() == Dialect.MESSAGES;
            fails(cell, behaviour, overloaded ? 529 : expected);
        });
        if (cell.asked() == Dialect.EMBEDDINGS) {
            return;
        }
        gateway.workspace().next("error-first");
        boolean overloaded = cell.spoken() == Dialect.MESSAGES; // is what Anthropic says there
        int expected = !overloaded ? 502 : cell.asked() == Dialect.MESSAGES ? 529 : 503;
        assertThat(catchThrowable(() -> speaker(cell).streamed(Wish.hello(cell.name()))))
                .as("an error as the first event")
                .satisfies(thrown -> speaker(cell).check(expected, thrown));
        for (var behaviour : List.of("error-mid", "cut", "cut-in-event", "reset")) {
            breaksOff(cell, behaviour);
        }
    }

    private void fails(Cell cell, String behaviour, int status) {
        var wish = Wish.hello(cell.name());
        gateway.workspace().next(behaviour);
        assertThat(catchThrowable(() -> speaker(cell).plain(wish)))
                .as(behaviour)
                .satisfies(thrown -> speaker(cell).check(status, thrown));
        if (Feature.STREAM.isOf(cell)) {
            gateway.workspace().next(behaviour);
            assertThat(catchThrowable(() -> speaker(cell).streamed(wish)))
                    .as(behaviour + ", streamed")
                    .satisfies(thrown -> speaker(cell).check(status, thrown));
        }
    }

    private void breaksOff(Cell cell, String behaviour) {
        var wish = Wish.hello(cell.name());
        gateway.workspace().next(behaviour, behaviour);
        assertThat(catchThrowable(() -> speaker(cell).streamed(wish))).as(behaviour).isNotNull();
        var answer = ask(cell, speaker(cell).body(wish, true));
        speaker(cell).checkBroken(answer.text());
        var line = gateway.ledgerOf(answer.id());
        assertThat(line.path("failure").asString("")).as(behaviour).isNotEmpty();
        assertThat(line.at("/tokens/output").asLong()).as(behaviour).isPositive();
    }

    private void refused(Cell cell) {
        gateway.workspace().recording().forget();

        var thrown = catchThrowable(() -> speaker(cell).plain(Wish.hello(cell.name())));
        var answer = ask(cell, speaker(cell).body(Wish.hello(cell.name()), false));

        speaker(cell).check(400, thrown);
        assertThat(answer.message())
                .contains("'" + cell.name() + "' cannot be asked by " + cell.asked().token());
        assertThat(gateway.workspace().recording().seen()).as("nothing was sent").isEmpty();
        shown.put(cell, Set.of());
    }

    /// Plain, by the client's helper for streams, and by the stream's bytes: all must say the same.
    private Heard everyWay(Cell cell, Wish wish, String behaviour) {
        gateway.workspace().next(behaviour, behaviour, behaviour);

        var plain = speaker(cell).plain(wish);
        var streamed = speaker(cell).streamed(wish);
        var answer = ask(cell, speaker(cell).body(wish, true));

        assertThat(streamed).as(behaviour + ", by the client's helper").isEqualTo(plain);
        assertThat(speaker(cell).read(answer.text()))
                .as(behaviour + ", by the bytes")
                .isEqualTo(plain);
        return plain;
    }

    private Speaker speaker(Cell cell) {
        var speaker = speakers.get(cell.asked());
        if (speaker == null) {
            throw new IllegalStateException("nobody speaks " + cell.asked());
        }
        return speaker;
    }

    private Answer ask(Cell cell, String body) {
        return gateway.ask(TestGateway.post(speaker(cell).path(), body));
    }

    // ---- what the target saw ----

    private Request lastRequest() {
        return gateway.workspace().recording().seen().stream()
                .map(Recording.Seen::request)
                .filter(request -> request.method().equals("POST"))
                .reduce((_, last) -> last)
                .orElseThrow();
    }

    private static Dialect dialect(Request request) {
        for (var dialect : DIALECTS) {
            var end =
                    switch (dialect) {
                        case CHAT -> "/chat/completions";
                        case COMPLETIONS -> "/completions";
                        default -> "/" + dialect.token();
                    };
            if (request.path().endsWith(end)) {
                return dialect;
            }
        }
        throw new AssertionError("no dialect at " + request.path());
    }

    private static String modelOf(Request request) {
        return Answer.JSON.readTree(request.text()).path("model").asString();
    }

    /// What the target itself answers to the same request.
    private String said(Request request) {
        try (var client = HttpClient.newHttpClient()) {
            var again =
                    HttpRequest.newBuilder(URI.create(gateway.workspace().host() + request.path()))
                            .POST(HttpRequest.BodyPublishers.ofByteArray(request.body()));
            for (var name :
                    List.of("authorization", "x-api-key", "anthropic-version", "content-type")) {
                if (!request.header(name).isEmpty()) {
                    again.header(name, request.header(name));
                }
            }
            return client.send(again.build(), HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
    }

    /// Without the second in which it was made.
    private static String undated(String text) {
        return text.replaceAll("\"(created|created_at|completed_at)\":[0-9]+", "\"$1\":0");
    }

    // ---- the table ----

    private void checkTable() throws IOException {
        assertThat(shown.keySet()).as("every cell was shown").containsAll(cells());
        var table = table();
        if (ACCEPT) {
            Files.writeString(TABLE, table);
        }
        assertThat(TABLE).content().isEqualTo(table);
    }

    private String table() {
        var targets = cells().stream().map(CompatibilityTest::column).distinct().toList();
        var text = new StringBuilder(HEAD);
        text.append("| the caller speaks | ").append(String.join(" | ", targets)).append(" |\n");
        text.append("|---|").append("---|".repeat(targets.size())).append("\n");
        for (var dialect : DIALECTS) {
            text.append("| ").append(dialect.token());
            for (var target : targets) {
                var cell =
                        cells().stream()
                                .filter(one -> one.asked() == dialect)
                                .filter(one -> column(one).equals(target))
                                .findFirst()
                                .orElseThrow();
                text.append(" | ").append(entry(cell));
            }
            text.append(" |\n");
        }
        return text.append(LEGEND).toString();
    }

    private static String column(Cell cell) {
        var kind =
                switch (cell.target()) {
                    case "openai" -> "OpenAI";
                    case "anthropic" -> "Anthropic";
                    case "custom-openai" -> "custom, like OpenAI";
                    case "custom-anthropic" -> "custom, like Anthropic";
                    case "serving" -> "Databricks serving: ";
                    default -> "Databricks AI Gateway: ";
                };
        if (!kind.endsWith(": ")) {
            return kind;
        }
        for (var family : List.of("llama", "claude", "gpt")) {
            if (cell.model().contains(family)) {
                return kind
                        + switch (family) {
                            case "llama" -> "Llama";
                            case "claude" -> "Claude";
                            default -> "GPT";
                        };
            }
        }
        return kind + "vectors";
    }

    private String entry(Cell cell) {
        if (cell.spoken() == null) {
            return "refused";
        }
        var features =
                shown.getOrDefault(cell, Set.of()).stream()
                        .map(feature -> feature.name().substring(0, 2))
                        .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(" "));
        return (cell.isTheSame() ? "same bytes" : "as " + cell.spoken().token()) + ": " + features;
    }

    private static final String HEAD =
            """
            # Which dialect works with which target

            Written by `CompatibilityTest`, which runs every cell over real sockets with the official clients of OpenAI and
            Anthropic: a cell says only what was seen to work.

            """;

    private static final String LEGEND =
            """

            - **same bytes**: the target speaks the caller's dialect. Request and answer go through as they came; only the model's
              name is replaced.
            - **as** another dialect: request and answer are translated. What the target cannot carry is named in the header
              `x-sluice-dropped` and in the ledger.
            - **refused**: there is no honest way. The answer is 400 `unsupported_request`, it names the dialects in which the model can
              be asked, and nothing is sent to the target.

            What was run in a cell:

            | | |
            |---|---|
            | Pl | a plain answer, under the model's full name; a field that nobody knows arrives or is named as dropped |
            | St | a stream, by the client's own helper and by its bytes against the dialect's grammar |
            | To | tools: one call, two at once, interleaved fragments, text before a call, no arguments, results sent back |
            | Th | thinking, plain and streamed |
            | Us | usage with cached tokens: the same plain, streamed and in the ledger |
            | Er | 400, 401, 403, 404, 413, 422, 429, 500 and 503 of the target, each as the client's own exception; an error as a stream's first event; a stream that reports an error half-way, is cut, or is reset |

            A target that refuses the gateway's own credential (401) is a 502 to the caller, whose key is fine. A 500 is a 502. A 503 is
            529 to callers of messages.
            """;
}
