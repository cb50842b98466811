package sluice.protocol.sse;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import sluice.call.Bytes;

/// A stream of events drawn by chance, with what each must be read as. A blank line ends with a lone CR
/// when the line before it does and only then: a CR and a LF side by side would be one line end.
record Stream(Bytes bytes, List<String> data) {
    private static final List<String> VALUES =
            List.of(
                    "{\"a\":1}",
                    "[DONE]",
                    "data: in the text",
                    " leading space",
                    "",
                    "Grüße 你好 🌍",
                    ":colon",
                    "{\"choices\":[{\"delta\":{\"content\":\"data: x\"}}]}");
    private static final List<String> OTHER_LINES =
            List.of(
                    ": a comment",
                    ":",
                    "event: message",
                    "id: 7",
                    "retry: 10",
                    "dataset: not data",
                    "dat",
                    " data: indented, so no data",
                    "Data: another name");

    /// @param lineEnds those to choose from at each line
    static Stream drawn(Random random, int events, List<String> lineEnds) {
        var text = new StringBuilder();
        var data = new ArrayList<String>();
        for (int i = 0; i < events; i++) {
            data.add(event(random, lineEnds, text));
        }
        return new Stream(Bytes.utf8(text.toString()), data);
    }

    private static String event(Random random, List<String> lineEnds, StringBuilder text) {
        var values = new ArrayList<String>();
        String lineEnd = oneOf(random, lineEnds);
        for (int lines = 1 + random.nextInt(4); lines > 0; lines--) {
            if (random.nextInt(3) == 0) {
                text.append(oneOf(random, OTHER_LINES));
            } else if (random.nextInt(20) == 0) {
                text.append("data");
                values.add("");
            } else {
                var value = oneOf(random, VALUES);
                boolean spaced = value.startsWith(" ") || random.nextBoolean();
                text.append(spaced ? "data: " : "data:").append(value);
                values.add(value);
            }
            lineEnd = oneOf(random, lineEnds);
            text.append(lineEnd);
        }
        boolean blankByCr = lineEnd.equals("\r");
        text.append(
                blankByCr
                        ? "\r"
                        : oneOf(random, lineEnds.subList(0, Math.min(2, lineEnds.size()))));
        return String.join("\n", values);
    }

    private static String oneOf(Random random, List<String> things) {
        return things.get(random.nextInt(things.size()));
    }
}
