package sluice.translate;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;
import tools.jackson.databind.node.ObjectNode;

/// A signed thought as a caller of Responses carries it from one call to the next. Claude wants its last thoughts back
/// unchanged before the results of its tools; that dialect has a place for such things, {@code encrypted_content},
/// which no client looks into. What stands in it is no secret: the caller may read the thought, and only its maker can
/// sign one.
final class SealedThought {
    /// Tells ours from those that other providers sealed.
    private static final String MARK = "sluice1.";

    private SealedThought() {}

    static String thinking(String text, String signature) {
        var block = Tree.object();
        block.put("type", "thinking").put("thinking", text).put("signature", signature);
        return seal(block);
    }

    static String redacted(String data) {
        return seal(Tree.object().put("type", "redacted_thinking").put("data", data));
    }

    private static String seal(ObjectNode block) {
        var bytes = Tree.print(block).copy();
        return MARK + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /// @return null when it was not sealed here, or not so
    static @Nullable ObjectNode open(String sealed) {
        if (!sealed.startsWith(MARK)) {
            return null;
        }
        try {
            var text = sealed.substring(MARK.length());
            var bytes = Base64.getUrlDecoder().decode(text.getBytes(StandardCharsets.ISO_8859_1));
            var block = Tree.reply(Bytes.of(bytes));
            return isSigned(block) ? block : null;
        } catch (IllegalArgumentException | BrokenReply notOurs) {
            return null;
        }
    }

    private static boolean isSigned(ObjectNode block) {
        return switch (block.path("type").asString("")) {
            case "thinking" ->
                    block.path("thinking").isString() && block.path("signature").isString();
            case "redacted_thinking" -> block.path("data").isString();
            default -> false;
        };
    }
}
