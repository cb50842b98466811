package sluice.line;

import java.util.List;
import sluice.call.Bytes;
import sluice.call.Dialect;

/// What is sent while a target is silent, so that nothing between it and the caller closes the line: an event that
/// means nothing in the caller's dialect (facts/llm-protocols.md section 2).
final class KeepAlive {
    private static final List<Bytes> COMMENT = List.of(Bytes.utf8(": keep-alive\n\n"));
    private static final List<Bytes> PING =
            List.of(Bytes.utf8("event: ping\ndata: {\"type\":\"ping\"}\n\n"));

    private KeepAlive() {}

    static List<Bytes> of(Dialect dialect) {
        return switch (dialect) {
            case MESSAGES -> PING;
            case CHAT, COMPLETIONS, RESPONSES, EMBEDDINGS, COUNT_TOKENS, INVOCATIONS -> COMMENT;
        };
    }
}
