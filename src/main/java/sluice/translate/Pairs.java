package sluice.translate;

import java.time.InstantSource;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sluice.call.Dialect;

/// All pairs of dialects that there are.
public final class Pairs {
    /// The name that Databricks and most others take (facts/llm-protocols.md section 10).
    private static final String LIMIT = "max_tokens";

    private record Between(Dialect asked, Dialect spoken) {}

    private final Map<Between, Pair> pairs;

    private Pairs(Map<Between, Pair> pairs) {
        this.pairs = pairs;
    }

    /// @param clock tells when an answer was made, for dialects that say so
    /// @param ids gives names that are unique and hold letters and digits only, for what the target left nameless
    public static Pairs create(InstantSource clock, Supplier<String> ids) {
        var chatToMessages = new ChatToMessages(clock, ids);
        var completionsToChat = new CompletionsToChat(clock, ids, LIMIT);
        return new Pairs(
                Map.of(
                        new Between(Dialect.CHAT, Dialect.MESSAGES),
                        chatToMessages,
                        new Between(Dialect.MESSAGES, Dialect.CHAT),
                        new MessagesToChat(ids, LIMIT),
                        new Between(Dialect.RESPONSES, Dialect.CHAT),
                        new ResponsesToChat(clock, ids, LIMIT),
                        new Between(Dialect.RESPONSES, Dialect.MESSAGES),
                        new ResponsesToMessages(clock, ids),
                        new Between(Dialect.COMPLETIONS, Dialect.CHAT),
                        completionsToChat,
                        new Between(Dialect.COMPLETIONS, Dialect.MESSAGES),
                        new Chained(completionsToChat, chatToMessages)));
    }

    /// @param asked what the caller speaks
    /// @param spoken what the target speaks
    /// @return null when the one cannot be put in the other, or when they are the same and nothing has to be done
    public @Nullable Pair between(Dialect asked, Dialect spoken) {
        return pairs.get(new Between(asked, spoken));
    }
}
