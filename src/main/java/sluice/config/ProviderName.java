package sluice.config;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What {@code provider} says: a kind, and the one model when it names one.
record ProviderName(Kind kind, Optional<String> endpoint) {
    private static final String CHAT = "databricks:chat:";
    private static final List<String> NOW = List.of("databricks", "openai", "anthropic", "custom");
    private static final Set<String> LATER =
            Set.of("azure", "azure-openai", "bedrock", "gemini", "vertex");

    static Optional<ProviderName> parse(String text, Place place, Reading reading) {
        if (text.startsWith(CHAT) && text.length() > CHAT.length() && !text.contains("*")) {
            return Optional.of(
                    new ProviderName(Kind.DATABRICKS, Optional.of(text.substring(CHAT.length()))));
        }
        return switch (text) {
            case "databricks" -> Optional.of(new ProviderName(Kind.DATABRICKS, Optional.empty()));
            case "openai" -> Optional.of(new ProviderName(Kind.OPENAI, Optional.empty()));
            case "anthropic" -> Optional.of(new ProviderName(Kind.ANTHROPIC, Optional.empty()));
            case "custom" -> Optional.of(new ProviderName(Kind.CUSTOM, Optional.empty()));
            default -> {
                reading.fault(place, refusal(text));
                yield Optional.empty();
            }
        };
    }

    private static String refusal(String text) {
        var expected =
                "expected databricks, databricks:chat:<endpoint>, openai, anthropic or custom";
        if (LATER.contains(text)) {
            return "'" + text + "' is not supported yet; " + expected;
        }
        return expected
                + ", got "
                + Discretion.quote(text)
                + Nearest.to(text, NOW).map(name -> "; did you mean '" + name + "'?").orElse("");
    }

    enum Kind {
        DATABRICKS,
        OPENAI,
        ANTHROPIC,
        CUSTOM
    }
}
