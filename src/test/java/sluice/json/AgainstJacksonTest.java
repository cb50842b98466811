package sluice.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import sluice.call.Bytes;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Another parser is asked about the same bytes.
///
/// Known differences, which are ours on purpose: a governed field may not stand twice, and UTF-8 is judged by the
/// standard's own table, so Jackson is handed text that Java's strict decoder has let through. Half a surrogate pair,
/// escaped, is within the grammar; Jackson takes it in a value but not in a name.
@Timeout(120)
class AgainstJacksonTest {
    private static final Governed GOVERNED = Governed.of(Chance.NAMES.toArray(String[]::new));
    private static final JsonFactory STRICT =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNumberLength(1_000_000).build())
                    .build();
    private static final JsonMapper TREES =
            JsonMapper.builder(STRICT)
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .build();

    @Test
    void everyFieldIsReadAsAnotherParserReadsIt() throws NotJson {
        for (long seed = Chance.SEED; seed < Chance.SEED + Chance.ROUNDS; seed++) {
            var document = Document.drawn(new Random(seed)).text();
            var fields = scan(Bytes.utf8(document));
            var tree = TREES.readTree(document);
            assertThat(fields.count()).as("seed %d", seed).isEqualTo(tree.size());
            for (var name : Chance.NAMES) {
                var field = fields.find(name);
                var expected = tree.get(name);
                assertThat(field == null).as("seed %d, %s", seed, name).isEqualTo(expected == null);
                if (field != null) {
                    assertThat(TREES.readTree(field.value().utf8()))
                            .as("seed %d, %s", seed, name)
                            .isEqualTo(expected);
                    if (field.kind() == Kind.STRING) {
                        assertThat(field.string())
                                .as("seed %d, %s", seed, name)
                                .isEqualTo(Objects.requireNonNull(expected).asString());
                    }
                }
            }
        }
    }

    @Test
    void splicingThenParsingIsParsingThenEditing() throws NotJson {
        for (long seed = Chance.SEED; seed < Chance.SEED + Chance.ROUNDS; seed++) {
            var random = new Random(seed);
            var document = Document.drawn(random).text();
            var model = new Edited(TREES.readTree(document));
            var splice = Splice.of(scan(Bytes.utf8(document)));
            for (int left = random.nextInt(7); left > 0; left--) {
                edit(random, splice, model);
            }

            var pieces = splice.pieces();
            var edited = pieces.joined();

            var expected = model.all();
            var seen = members(TREES.readTree(edited.utf8()));
            assertThat(seen)
                    .as("seed %d: %s became %s", seed, document, edited.utf8())
                    .isEqualTo(expected);
            assertThat(List.copyOf(seen.keySet()))
                    .as("order, seed %d: %s became %s", seed, document, edited.utf8())
                    .isEqualTo(List.copyOf(expected.keySet()));
            assertThat(edited.length()).as("seed %d", seed).isEqualTo((int) pieces.length());
        }
    }

    @Test
    void bytesOutsideTheReplacedValuesStayAsTheyCame() throws NotJson {
        for (long seed = Chance.SEED; seed < Chance.SEED + Chance.ROUNDS; seed++) {
            var random = new Random(seed);
            var document = Document.drawn(random);
            var splice = Splice.of(scan(Bytes.utf8(document.text())));
            var replaced = new LinkedHashMap<String, String>();
            for (var name : Chance.NAMES) {
                if (document.values().containsKey(name) && random.nextBoolean()) {
                    var value = Chance.value(random, 1);
                    splice.put(name, Bytes.utf8(value));
                    replaced.put(name, value);
                }
            }

            assertThat(splice.pieces().joined().utf8())
                    .as("seed %d", seed)
                    .isEqualTo(document.with(replaced).text());
        }
    }

    @Test
    void aDamagedDocumentIsRefusedExactlyWhenAnotherParserRefusesIt() {
        int refused = 0;
        for (long seed = Chance.SEED; seed < Chance.SEED + 5L * Chance.ROUNDS; seed++) {
            var random = new Random(seed);
            var bytes = Document.drawn(random).text().getBytes(StandardCharsets.UTF_8);
            for (int left = random.nextInt(3); left >= 0; left--) {
                bytes = damaged(random, bytes);
            }
            var problem = problem(bytes);
            if (problem != null) {
                refused++;
            }
            var accepted = jacksonAccepts(bytes);
            boolean twice = problem != null && problem.contains("is given twice");
            if (!twice && accepted != null) {
                assertThat(problem == null)
                        .as(
                                "seed %d: %s: %s",
                                seed, problem, new String(bytes, StandardCharsets.UTF_8))
                        .isEqualTo(accepted);
            }
        }
        assertThat(refused)
                .as("both outcomes are common")
                .isBetween(Chance.ROUNDS, 5 * Chance.ROUNDS - Chance.ROUNDS / 4);
    }

    @Test
    void everyTruncationIsRefused() {
        for (long seed = Chance.SEED; seed < Chance.SEED + Chance.ROUNDS / 20; seed++) {
            var bytes =
                    Document.drawn(new Random(seed))
                            .text()
                            .strip()
                            .getBytes(StandardCharsets.UTF_8);
            for (int length = 0; length < bytes.length; length++) {
                assertThat(problem(Arrays.copyOf(bytes, length)))
                        .as("seed %d, length %d", seed, length)
                        .isNotNull();
            }
        }
    }

    @Test
    void randomBytesAreRefusedAndNothingWorse() {
        for (long seed = Chance.SEED; seed < Chance.SEED + Chance.ROUNDS; seed++) {
            var random = new Random(seed);
            var bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            if (bytes.length > 10) {
                System.arraycopy("{\"a\":\"".getBytes(StandardCharsets.UTF_8), 0, bytes, 0, 6);
            }
            assertThat(problem(bytes) == null).as("seed %d", seed).isEqualTo(jacksonAccepts(bytes));
        }
    }

    /// A top-level object by its parts: what stands before each value, and the values.
    private record Document(Map<String, String> before, Map<String, String> values, String end) {
        static Document drawn(Random random) {
            var names = new ArrayList<>(Chance.NAMES);
            Collections.shuffle(names, random);
            names.subList(random.nextInt(names.size() + 1), names.size()).clear();
            for (int other = random.nextInt(4); other > 0; other--) {
                names.add(random.nextInt(names.size() + 1), "other" + other);
            }
            var before = new LinkedHashMap<String, String>();
            var values = new LinkedHashMap<String, String>();
            var start = Chance.space(random) + "{" + Chance.space(random);
            for (var name : names) {
                before.put(
                        name,
                        start
                                + written(random, name)
                                + Chance.space(random)
                                + ":"
                                + Chance.space(random));
                values.put(name, Chance.value(random, 3));
                start = Chance.space(random) + "," + Chance.space(random);
            }
            var end = Chance.space(random) + "}" + Chance.space(random);
            return new Document(before, values, names.isEmpty() ? start + end : end);
        }

        Document with(Map<String, String> replaced) {
            var all = new LinkedHashMap<>(values);
            all.putAll(replaced);
            return new Document(before, all, end);
        }

        String text() {
            var text = new StringBuilder();
            values.forEach((name, value) -> text.append(before.get(name)).append(value));
            return text.append(end).toString();
        }

        /// A name has many spellings.
        private static String written(Random random, String name) {
            int escaped = random.nextInt(3 * name.length());
            return escaped >= name.length()
                    ? "\"" + name + "\""
                    : "\"%s\\u%04x%s\""
                            .formatted(
                                    name.substring(0, escaped),
                                    (int) name.charAt(escaped),
                                    name.substring(escaped + 1));
        }
    }

    /// The slow and obvious way to edit: the document's own fields, and the fields added behind.
    private static final class Edited {
        private final SequencedMap<String, JsonNode> own;
        private final SequencedMap<String, JsonNode> last = new LinkedHashMap<>();

        Edited(JsonNode tree) {
            own = members(tree);
        }

        void put(String name, JsonNode value) {
            if (own.containsKey(name)) {
                own.put(name, value);
            } else {
                last.put(name, value);
            }
        }

        void remove(String name) {
            own.computeIfPresent(name, (_, _) -> TREES.missingNode());
            last.remove(name);
        }

        SequencedMap<String, JsonNode> all() {
            var all = new LinkedHashMap<>(own);
            all.putAll(last);
            all.values().removeIf(JsonNode::isMissingNode);
            return all;
        }
    }

    private static void edit(Random random, Splice splice, Edited model) {
        var name = Chance.oneOf(random, Chance.NAMES);
        switch (random.nextInt(7)) {
            case 0, 1 -> {
                splice.remove(name);
                model.remove(name);
            }
            case 2 -> {
                var text = Chance.character(random) + "\"\\\n";
                splice.put(name, text);
                model.put(name, TREES.getNodeFactory().stringNode(text));
            }
            case 3 -> {
                splice.put(name, 12L);
                model.put(name, TREES.readTree("12"));
            }
            case 4 -> {
                splice.put(name, true);
                model.put(name, TREES.readTree("true"));
            }
            default -> {
                var json = Chance.value(random, 2);
                splice.put(name, Bytes.utf8(json));
                model.put(name, TREES.readTree(json));
            }
        }
    }

    private static SequencedMap<String, JsonNode> members(JsonNode tree) {
        var members = new LinkedHashMap<String, JsonNode>();
        for (var member : ((ObjectNode) tree).properties()) {
            members.put(member.getKey(), member.getValue());
        }
        return members;
    }

    private static byte[] damaged(Random random, byte[] bytes) {
        if (bytes.length == 0) {
            return bytes;
        }
        int place = random.nextInt(bytes.length);
        return switch (random.nextInt(6)) {
            case 0 -> flipped(bytes, place, 1 << random.nextInt(8));
            case 1 -> random.nextInt(4) > 0 ? bytes : Arrays.copyOf(bytes, place);
            case 2 ->
                    joined(
                            Arrays.copyOf(bytes, place),
                            Arrays.copyOfRange(bytes, place + 1, bytes.length));
            case 3 ->
                    joined(
                            Arrays.copyOf(bytes, place),
                            Arrays.copyOfRange(bytes, place / 2, bytes.length));
            default ->
                    joined(
                            joined(
                                    Arrays.copyOf(bytes, place),
                                    new byte[] {
                                        (byte)
                                                "\",:{}[]\\ 0-1.eE+tn\u0001/"
                                                        .charAt(random.nextInt(20))
                                    }),
                            Arrays.copyOfRange(bytes, place, bytes.length));
        };
    }

    private static byte[] flipped(byte[] bytes, int place, int bit) {
        var flipped = bytes.clone();
        flipped[place] ^= (byte) bit;
        return flipped;
    }

    private static byte[] joined(byte[] first, byte[] second) {
        var both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static Fields scan(Bytes document) throws NotJson {
        return Fields.scan(document, GOVERNED, Limits.DEFAULT);
    }

    private static @Nullable String problem(byte[] bytes) {
        try {
            scan(Bytes.of(bytes));
            return null;
        } catch (NotJson refused) {
            return refused.getMessage();
        }
    }

    /// Null when Jackson cannot tell, because it stopped at half a surrogate pair in a name.
    private static @Nullable Boolean jacksonAccepts(byte[] bytes) {
        try {
            var text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            try (var parser = STRICT.createParser(ObjectReadContext.empty(), text)) {
                if (parser.nextToken() != JsonToken.START_OBJECT) {
                    return false;
                }
                int depth = 1;
                while (depth > 0) {
                    var token = parser.nextToken();
                    if (token == null) {
                        return false;
                    }
                    depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                    if (token == JsonToken.VALUE_STRING || token == JsonToken.PROPERTY_NAME) {
                        parser.getString();
                    }
                }
                return parser.nextToken() == null;
            }
        } catch (CharacterCodingException malformed) {
            return false;
        } catch (JacksonException refused) {
            return refused.getOriginalMessage().contains("surrogate") ? null : false;
        }
    }
}
