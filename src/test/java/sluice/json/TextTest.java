package sluice.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import sluice.call.Bytes;

/// Strings are read eight bytes at a time, so whatever is special must be noticed at every offset from such a step, and
/// at every distance from the end.
class TextTest {
    private static final Governed TEXT = Governed.of("text");
    private static final int LONGEST = 70;

    /// Runs of one kind, and characters that stand alone among others.
    private static final List<String> FILLERS = List.of("a", "é", "€", "😀", "éa", "a€");

    @Test
    void anythingSpecialIsNoticedAtEveryPlaceOfAString() {
        var specials =
                List.of(
                        "\\\"", "\\\\", "\\n", "\\u00e9", "é", "\u07ff", "€", "\u0800", "\ud7ff",
                        "\ue000", "😀", "é€😀");
        for (var filler : FILLERS) {
            for (var special : specials) {
                for (int length = 0; length <= LONGEST; length++) {
                    int step = filler.equals("a") ? 1 : 3;
                    for (int place = 0; place <= length; place += step) {
                        var inside = filler.repeat(place) + special + filler.repeat(length - place);
                        same(
                                bytes(inside),
                                length % 9,
                                Quoted.read(bytes(inside), 0, bytes(inside).length));
                    }
                }
            }
        }
    }

    @Test
    void anythingForbiddenIsNoticedAtEveryPlaceOfAString() {
        for (var filler : FILLERS) {
            int width = bytes(filler).length;
            for (int forbidden : new int[] {0, 1, 0x1f, 0x80, 0xbf, 0xc0, 0xc1, 0xf5, 0xff, 0xe2}) {
                for (int length = 0; length <= LONGEST; length++) {
                    for (int place = 0; place <= length; place++) {
                        var inside =
                                bytes(filler.repeat(place) + "x" + filler.repeat(length - place));
                        inside[place * width] = (byte) forbidden;
                        var refused = refusal(inside, length % 9);
                        if (!refused.contains(" byte " + (9 + place * width))) {
                            assertThat(refused)
                                    .as("0x%02X at %d of %d × %s", forbidden, place, length, filler)
                                    .contains(" byte " + (9 + place * width));
                        }
                    }
                }
            }
        }
    }

    @Test
    void everyTwoBytesAreJudgedAsTheStandardJudgesThem() {
        for (int first = 0x80; first < 256; first++) {
            for (int second = 0; second < 256; second++) {
                if (!ends(second)) {
                    judge(first, second);
                }
            }
        }
    }

    @Test
    void everyLongerSequenceIsJudgedAsTheStandardJudgesIt() {
        int[] edges = {
            0x20, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xe0, 0xed, 0xf0, 0xff
        };
        for (int first = 0xc0; first < 256; first++) {
            for (int second : edges) {
                for (int third : edges) {
                    judge(first, second, third);
                    for (int fourth : first < 0xf0 ? new int[0] : edges) {
                        judge(first, second, third, fourth);
                    }
                }
            }
        }
    }

    @Test
    void textDrawnByChanceIsJudgedAsTheStandardJudgesIt() {
        for (long seed = Chance.SEED; seed < Chance.SEED + 4L * Chance.ROUNDS; seed++) {
            var random = new Random(seed);
            var inside = new ByteArrayOutputStream();
            for (int piece = random.nextInt(30); piece > 0; piece--) {
                inside.writeBytes(bytes(Chance.character(random)));
            }
            var drawn = inside.toByteArray();
            for (int fault = random.nextInt(3); fault > 0 && drawn.length > 0; fault--) {
                drawn[random.nextInt(drawn.length)] ^= (byte) (1 << random.nextInt(8));
            }
            if (new String(drawn, StandardCharsets.ISO_8859_1).chars().noneMatch(TextTest::ends)) {
                same(drawn, random.nextInt(9), decoded(drawn));
            }
        }
    }

    private static boolean ends(int b) {
        return b < ' ' || b == '"' || b == '\\';
    }

    /// With neighbours that bring the sequence into each of the ways through the scanner.
    private static void judge(int... sequence) {
        for (var before : List.of("", "aaa", "é", "€aa", "ééé")) {
            for (var after : List.of("", "a€aaaaaaaa", "éééé")) {
                var inside = new ByteArrayOutputStream();
                inside.writeBytes(bytes(before));
                for (int b : sequence) {
                    inside.write(b);
                }
                inside.writeBytes(bytes(after));
                var whole = inside.toByteArray();
                same(whole, 0, decoded(whole));
            }
        }
    }

    /// An assertion is built only when it is needed: these tests ask a million times.
    private static void same(byte[] inside, int offset, @Nullable String expected) {
        var read = read(inside, offset);
        if (!Objects.equals(read, expected)) {
            assertThat(read).as("bytes %s", hex(inside)).isEqualTo(expected);
        }
    }

    /// The text, or null when it is refused.
    private static @Nullable String read(byte[] inside, int offset) {
        try {
            return Objects.requireNonNull(scan(inside, offset).find("text")).string();
        } catch (NotJson refused) {
            return null;
        }
    }

    private static String refusal(byte[] inside, int offset) {
        try {
            scan(inside, offset);
            return "accepted";
        } catch (NotJson refused) {
            return refused.getMessage();
        }
    }

    private static Fields scan(byte[] inside, int offset) throws NotJson {
        var before = bytes("{\"text\":\"");
        var document = new byte[offset + before.length + inside.length + 2];
        System.arraycopy(before, 0, document, offset, before.length);
        System.arraycopy(inside, 0, document, offset + before.length, inside.length);
        document[document.length - 2] = '"';
        document[document.length - 1] = '}';
        return Fields.scan(Bytes.of(document, offset, document.length), TEXT, Limits.DEFAULT);
    }

    private static @Nullable String decoded(byte[] inside) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(inside)).toString();
        } catch (CharacterCodingException malformed) {
            return null;
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.ofDelimiter(" ").formatHex(bytes);
    }
}
