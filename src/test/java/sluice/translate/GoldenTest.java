package sluice.translate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;
import sluice.call.Bytes;
import sluice.call.Dialect;
import sluice.call.Dropped;
import sluice.call.ModelTraits;
import sluice.json.NotJson;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Every folder below {@code golden/<asked>-to-<spoken>/} is a case:
///
/// - {@code asked.json} becomes {@code sent.json}, with {@code dropped.txt} for what was left out,
///   one name a line; or {@code refused.txt} says why not. {@code traits.json} holds what differs
///   from {@link ModelTraits#UNKNOWN}.
/// - {@code reply.json}, a whole reply, becomes {@code told.json}, or {@code refused-reply.txt}
///   says why not.
/// - {@code events.sse}, a stream, becomes {@code told.sse}; {@code broken.txt} says why it ends
///   with an error.
///
/// JSON is compared as trees, streams event by event. {@code -Dgolden=accept} writes what came out, to be reviewed as
/// code. Every stream is held against its grammar, however its bytes are cut.
class GoldenTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");
    private static final boolean ACCEPT = "accept".equals(System.getProperty("golden"));
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /// The dialects by their names in folders: {@code chat-to-messages}.
    private static final Map<String, Dialect> DIALECTS =
            Map.of(
                    "chat", Dialect.CHAT,
                    "messages", Dialect.MESSAGES,
                    "responses", Dialect.RESPONSES,
                    "completions", Dialect.COMPLETIONS);

    @TestFactory
    Stream<DynamicNode> everyGoldenCase() {
        return folders(GOLDEN)
                .map(pair ->
                        dynamicContainer(
                                pair.getFileName().toString(),
                                folders(pair)
                                        .map(c ->
                                                dynamicContainer(
                                                        c.getFileName().toString(),
                                                        new Case(c).tests()))));
    }

    private static Stream<Path> folders(Path parent) {
        try (var children = Files.list(parent)) {
            return children.filter(Files::isDirectory).sorted().toList().stream();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private record Case(Path folder) {

        Stream<DynamicTest> tests() {
            var tests = new ArrayList<DynamicTest>();
            tests.add(dynamicTest("request", this::request));
            addIf(tests, "reply.json", this::reply);
            addIf(tests, "events.sse", this::stream);
            addIf(tests, "events.sse", this::streamInPieces);
            return tests.stream();
        }

        private void addIf(List<DynamicTest> tests, String file, Executable test) {
            if (Files.exists(folder.resolve(file))) {
                tests.add(dynamicTest(file + " " + tests.size(), test));
            }
        }

        void request() {
            var asked = Bytes.utf8(read("asked.json"));
            var before = asked.utf8();
            var dropped = new Dropped();
            String sent = null;
            String refused = null;
            try {
                var translation = pair().begin(asked, "model-as-sent", traits(), dropped);
                sent = translation.request().utf8();
                assertThat(translation.request().utf8()).as("asked again").isEqualTo(sent);
            } catch (NotJson refusal) {
                refused = refusal.param() + ": " + refusal.getMessage();
            }
            assertThat(asked.utf8()).as("the request is not changed").isEqualTo(before);
            compare("refused.txt", refused, String::strip);
            compare("sent.json", sent, JSON::readTree);
            var names = refused == null ? String.join("\n", dropped.names()) : "";
            compare("dropped.txt", names.isEmpty() ? null : names, String::strip);
        }

        void reply() {
            String told = null;
            String broken = null;
            try {
                told = begin().whole(Bytes.utf8(read("reply.json"))).utf8();
            } catch (BrokenReply reason) {
                broken = reason.what();
            }
            compare("refused-reply.txt", broken, String::strip);
            compare("told.json", told, JSON::readTree);
        }

        void stream() {
            var told = Told.of(begin(), List.of(Bytes.utf8(read("events.sse"))));
            compare("broken.txt", told.broken(), String::strip);
            compare("told.sse", told.stream(), GoldenTest::events);
            checkGrammar(told);
        }

        void streamInPieces() {
            var stream = Bytes.utf8(read("events.sse"));
            var whole = Told.of(begin(), List.of(stream));
            for (int seed = 0; seed < 20; seed++) {
                var cut = Told.of(begin(), Told.cut(stream, new Random(seed)));
                assertThat(cut).as("seed " + seed).isEqualTo(whole);
            }
        }

        private void checkGrammar(Told told) {
            boolean broken = told.broken() != null;
            switch (dialects()[0]) {
                case CHAT, COMPLETIONS -> {
                    if (dialects()[0] == Dialect.CHAT) {
                        var usage = JSON.readTree(read("asked.json"));
                        checkChat(
                                told.stream(),
                                broken,
                                usage.at("/stream_options/include_usage").asBoolean(false));
                    }
                }
                case MESSAGES -> checkMessages(told.stream(), broken);
                case RESPONSES -> checkResponses(told.stream(), broken);
                case EMBEDDINGS, COUNT_TOKENS, INVOCATIONS ->
                        throw new IllegalStateException("no stream in this dialect");
            }
        }

        private static void checkChat(String stream, boolean broken, boolean usage) {
            var _ = broken ? ChatGrammar.broken(stream) : ChatGrammar.good(stream, usage);
        }

        private static void checkResponses(String stream, boolean broken) {
            var _ = broken ? ResponsesGrammar.broken(stream) : ResponsesGrammar.good(stream);
        }

        private static void checkMessages(String stream, boolean broken) {
            var _ = broken ? MessagesGrammar.broken(stream) : MessagesGrammar.good(stream);
        }

        private Translation begin() {
            try {
                return pair().begin(
                                Bytes.utf8(read("asked.json")),
                                "model-as-sent",
                                traits(),
                                new Dropped());
            } catch (NotJson refusal) {
                throw new AssertionError(refusal.getMessage(), refusal);
            }
        }

        private Pair pair() {
            var ids = new AtomicInteger();
            var pair =
                    Pairs.create(
                                    () -> Instant.ofEpochSecond(1_800_000_000),
                                    () -> "id" + ids.incrementAndGet())
                            .between(dialects()[0], dialects()[1]);
            if (pair == null) {
                throw new AssertionError("there is no pair for " + folder.getParent());
            }
            return pair;
        }

        private Dialect[] dialects() {
            var names = folder.getName(folder.getNameCount() - 2).toString().split("-to-", -1);
            return new Dialect[] {dialect(names[0]), dialect(names[1])};
        }

        private static Dialect dialect(String name) {
            var dialect = DIALECTS.get(name);
            if (dialect == null) {
                throw new AssertionError("no dialect is called " + name);
            }
            return dialect;
        }

        private ModelTraits traits() {
            var given =
                    Files.exists(folder.resolve("traits.json"))
                            ? JSON.readTree(read("traits.json"))
                            : JSON.createObjectNode();
            var usual = ModelTraits.UNKNOWN;
            return new ModelTraits(
                    given.path("contextTokens").asLong(usual.contextTokens()),
                    given.path("maxOutputTokens").asLong(usual.maxOutputTokens()),
                    given.path("sampling").asBoolean(usual.sampling()),
                    ModelTraits.Reasoning.valueOf(
                            given.path("reasoning").asString(usual.reasoning().name())),
                    given.path("structuredOutput").asBoolean(usual.structuredOutput()),
                    given.path("cacheMarks").asBoolean(usual.cacheMarks()),
                    given.path("thinkingBack").asBoolean(usual.thinkingBack()));
        }

        /// @param actual null when there must be no such file
        private void compare(String file, @Nullable String actual, Function<String, Object> form) {
            var path = folder.resolve(file);
            if (ACCEPT) {
                accept(path, actual);
                return;
            }
            var expected = Files.exists(path) ? read(file) : null;
            if (expected == null || actual == null) {
                assertThat(actual).as(file).isEqualTo(expected);
            } else {
                assertThat(form.apply(actual)).as(file).isEqualTo(form.apply(expected));
            }
        }

        private static void accept(Path path, @Nullable String actual) {
            try {
                if (actual == null) {
                    Files.deleteIfExists(path);
                } else {
                    var text = path.toString().endsWith(".json") ? pretty(actual) : actual.strip();
                    Files.writeString(
                            path, path.toString().endsWith(".sse") ? actual : text + "\n");
                }
            } catch (IOException unwritable) {
                throw new UncheckedIOException(unwritable);
            }
        }

        private static String pretty(String json) {
            return JSON.writeValueAsString(JSON.readTree(json));
        }

        private String read(String file) {
            try {
                return Files.readString(folder.resolve(file));
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        }
    }

    /// The events of a stream, each as its lines, the data as a tree.
    private static List<List<Object>> events(String stream) {
        var events = new ArrayList<List<Object>>();
        for (var event : stream.strip().split("\n\n", -1)) {
            events.add(event.lines().map(GoldenTest::line).toList());
        }
        return events;
    }

    private static Object line(String line) {
        return line.startsWith("data: {") ? tree(line.substring(6)) : line;
    }

    private static JsonNode tree(String json) {
        return JSON.readTree(json);
    }
}
