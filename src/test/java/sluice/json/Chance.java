package sluice.json;

import java.util.List;
import java.util.Random;

/// JSON documents drawn by chance, but never twice differently: each round has a seed of its own, which a failing test
/// prints. Run {@code -Dchance.seed=... -Dchance.rounds=...} to see one again or to look further.
final class Chance {
    static final long SEED = Long.getLong("chance.seed", 20_261_120);
    static final int ROUNDS = Integer.getInteger("chance.rounds", 10_000);

    /// Names that tests govern; documents use them often.
    static final List<String> NAMES = List.of("a", "bb", "model", "é", "n", "stream_options");

    private static final List<String> CHARACTERS =
            List.of(
                    "a",
                    "b",
                    " ",
                    "~",
                    "/",
                    "\u007f",
                    "é",
                    "\u07ff",
                    "\u0800",
                    "€",
                    "\ud7ff",
                    "\ue000",
                    "\uffff",
                    "😀",
                    "\udbff\udfff",
                    "some longer run of text");
    private static final List<String> ESCAPES =
            List.of(
                    "\\\"",
                    "\\\\",
                    "\\/",
                    "\\b",
                    "\\f",
                    "\\n",
                    "\\r",
                    "\\t",
                    "\\u0000",
                    "\\u00e9",
                    "\\uD83D\\uDE00",
                    "\\ud800");
    private static final List<String> NUMBERS =
            List.of(
                    "0",
                    "-0",
                    "7",
                    "-12",
                    "1234567890",
                    "0.5",
                    "-3.25",
                    "1e5",
                    "2E+10",
                    "6.02e-23",
                    "123456789012345678901234567890");

    private Chance() {}

    static <T> T oneOf(Random random, List<T> things) {
        return things.get(random.nextInt(things.size()));
    }

    static String character(Random random) {
        return oneOf(random, CHARACTERS);
    }

    static String space(Random random) {
        return random.nextInt(4) > 0
                ? ""
                : oneOf(random, List.of(" ", "\n", "\t", "\r\n", "        "));
    }

    /// A string as it is written, quotes included.
    static String string(Random random) {
        return string(random, ESCAPES.size());
    }

    private static String string(Random random, int escapes) {
        var text = new StringBuilder("\"");
        for (int length = random.nextInt(8); length > 0; length--) {
            text.append(
                    random.nextInt(4) == 0
                            ? ESCAPES.get(random.nextInt(escapes))
                            : character(random));
        }
        return text.append('"').toString();
    }

    /// Without the last escape, half a character: Jackson takes it in a value but not in a name.
    private static String name(Random random) {
        return random.nextBoolean() ? string(random, ESCAPES.size() - 1) : "\"model\"";
    }

    static String value(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 7 : 5)) {
            case 0 -> oneOf(random, NUMBERS);
            case 1 -> oneOf(random, List.of("true", "false", "null"));
            case 5 -> array(random, depth - 1);
            case 6 -> object(random, depth - 1);
            default -> string(random);
        };
    }

    private static String array(Random random, int depth) {
        var text = new StringBuilder("[").append(space(random));
        for (int left = random.nextInt(4); left > 0; left--) {
            text.append(value(random, depth)).append(space(random));
            text.append(left > 1 ? "," + space(random) : "");
        }
        return text.append("]").toString();
    }

    private static String object(Random random, int depth) {
        var text = new StringBuilder("{").append(space(random));
        for (int left = random.nextInt(4); left > 0; left--) {
            text.append(name(random)).append(space(random));
            text.append(":")
                    .append(space(random))
                    .append(value(random, depth))
                    .append(space(random));
            text.append(left > 1 ? "," + space(random) : "");
        }
        return text.append("}").toString();
    }
}
