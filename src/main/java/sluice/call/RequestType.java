package sluice.call;

/// What operators switch on and off for a target, and what can have a path of its own there (facts/forms.md section 5).
public enum RequestType {
    CHAT("chat"),
    CHAT_STREAM("chat_stream"),
    RESPONSES("responses"),
    RESPONSES_STREAM("responses_stream"),
    COMPLETIONS("completions"),
    EMBEDDINGS("embeddings"),
    MESSAGES("messages"),
    MESSAGES_STREAM("messages_stream"),
    COUNT_TOKENS("count_tokens"),
    LIST_MODELS("list_models"),
    /// An endpoint's own path; Databricks only, and never switched off.
    INVOCATIONS("invocations");

    private final String token;

    RequestType(String token) {
        this.token = token;
    }

    public String token() {
        return token;
    }

    public static RequestType of(Dialect dialect, boolean stream) {
        return switch (dialect) {
            case CHAT -> stream ? CHAT_STREAM : CHAT;
            case RESPONSES -> stream ? RESPONSES_STREAM : RESPONSES;
            case MESSAGES -> stream ? MESSAGES_STREAM : MESSAGES;
            case COMPLETIONS -> COMPLETIONS;
            case EMBEDDINGS -> EMBEDDINGS;
            case COUNT_TOKENS -> COUNT_TOKENS;
            case INVOCATIONS -> INVOCATIONS;
        };
    }
}
