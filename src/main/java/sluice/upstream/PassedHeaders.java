package sluice.upstream;

import java.util.HashMap;
import java.util.Map;
import sluice.call.Dialect;

/// Which of a caller's headers go along to a target: those that mean something in the dialect that is spoken there. A
/// beta flag of one provider is nothing to another (facts/llm-protocols.md section 4).
public final class PassedHeaders {
    private PassedHeaders() {}

    /// @param headers the caller's, by lower-case name
    /// @param always those that the target needs, where the caller sent none of that name
    public static Map<String, String> with(
            Dialect dialect, Map<String, String> headers, Map<String, String> always) {
        if (headers.isEmpty()) {
            return always;
        }
        var passed = new HashMap<>(always);
        headers.forEach((name, value) -> {
            if (means(name, dialect)) {
                passed.put(name, value);
            }
        });
        return passed;
    }

    private static boolean means(String name, Dialect dialect) {
        if (name.startsWith("x-databricks-")) {
            return false; // a workspace's own affair, see there
        }
        if (name.startsWith("anthropic-")) {
            return dialect.family() == Dialect.Family.ANTHROPIC;
        }
        return !name.startsWith("openai-") || dialect.family() == Dialect.Family.OPENAI;
    }
}
