package sluice.translate;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;
import sluice.protocol.sse.EventTooLarge;
import sluice.protocol.sse.SseReader;

/// What a caller sees of a target's stream.
///
/// @param stream all bytes, the error's included when it broke
/// @param broken why it ended with an error, or null
record Told(String stream, @Nullable String broken) {

    static Told of(Translation translation, List<Bytes> reads) {
        var out = new ArrayList<Bytes>();
        try {
            var reader = new SseReader(1 << 22);
            for (var read : reads) {
                for (var event : reader.read(read)) {
                    translation.event(event, out);
                }
            }
            translation.end(out);
            return new Told(text(out), null);
        } catch (BrokenReply reason) {
            out.add(translation.failed("api_error", "upstream_error", reason.what()));
            return new Told(text(out), reason.what());
        } catch (EventTooLarge unexpected) {
            throw new AssertionError(unexpected);
        }
    }

    /// The same bytes in pieces of 1 to 40.
    static List<Bytes> cut(Bytes stream, Random random) {
        var pieces = new ArrayList<Bytes>();
        int longest = 1 + random.nextInt(40);
        for (int at = 0; at < stream.length(); ) {
            int end = Math.min(stream.length(), at + 1 + random.nextInt(longest));
            pieces.add(Bytes.of(stream.slice(at, end).copy()));
            at = end;
        }
        return pieces;
    }

    private static String text(List<Bytes> pieces) {
        var text = new java.io.ByteArrayOutputStream();
        for (var piece : pieces) {
            text.write(piece.array(), piece.from(), piece.length());
        }
        return text.toString(java.nio.charset.StandardCharsets.UTF_8);
    }
}
