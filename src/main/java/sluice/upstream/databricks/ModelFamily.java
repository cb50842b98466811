package sluice.upstream.databricks;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// Whose model a name seems to mean: the last resort, for what no listing declares. Nothing else in this package reads
/// meaning out of names (facts/databricks.md section 1.2, "family -> native surface").
enum ModelFamily {
    CLAUDE,
    GEMINI,
    /// {@code gpt-} and a digit; {@code gpt-oss} is an open model and speaks chat only.
    GPT,
    OTHER;

    private static final Pattern GPT_NAME = Pattern.compile("(^|[./_-])gpt-\\d");

    /// @param names of one model, the first that says something holds
    static ModelFamily of(List<String> names) {
        for (var name : names) {
            var family = of(name);
            if (family != OTHER) {
                return family;
            }
        }
        return OTHER;
    }

    private static ModelFamily of(String model) {
        var name = model.toLowerCase(Locale.ROOT);
        if (name.contains("claude")) {
            return CLAUDE;
        }
        if (name.contains("gemini")) {
            return GEMINI;
        }
        return GPT_NAME.matcher(name).find() ? GPT : OTHER;
    }

    /// Whether a model of this family is likely to be spoken to at the door. What every model of its kind has, the
    /// unified paths, is left to the workspace to refuse.
    boolean speaksAt(Door door) {
        return switch (door) {
            case SERVING_CHAT,
                    GATEWAY_CHAT,
                    SERVING_COMPLETIONS,
                    SERVING_EMBEDDINGS,
                    GATEWAY_EMBEDDINGS,
                    SERVING_INVOCATIONS ->
                    true;
            case SERVING_MESSAGES, GATEWAY_MESSAGES -> this == CLAUDE;
            case SERVING_RESPONSES, GATEWAY_OPENAI_RESPONSES -> this == GPT;
            case SERVING_OPEN_RESPONSES, GATEWAY_MLFLOW_RESPONSES -> false;
        };
    }
}
