package sluice.call;

/// The wire formats in which a model is asked and answers. The token is the word for it in the ledger, in {@code
/// allowed_requests} and in refusals.
public enum Dialect {
    /// OpenAI's {@code /v1/chat/completions} (facts/llm-protocols.md section 3).
    CHAT("chat", Family.OPENAI),
    /// OpenAI's {@code /v1/responses} (section 5).
    RESPONSES("responses", Family.OPENAI),
    /// OpenAI's older {@code /v1/completions}: text in, text out.
    COMPLETIONS("completions", Family.OPENAI),
    /// OpenAI's {@code /v1/embeddings}.
    EMBEDDINGS("embeddings", Family.OPENAI),
    /// Anthropic's {@code /v1/messages} (section 4).
    MESSAGES("messages", Family.ANTHROPIC),
    /// Anthropic's {@code /v1/messages/count_tokens}.
    COUNT_TOKENS("count_tokens", Family.ANTHROPIC),
    /// A Databricks endpoint's own {@code /invocations}, whose body is the endpoint's affair (facts/databricks.md
    /// section 1.1).
    INVOCATIONS("invocations", Family.OPENAI);

    /// Who made the format; it decides how an error looks.
    public enum Family {
        OPENAI,
        ANTHROPIC
    }

    private final String token;
    private final Family family;

    Dialect(String token, Family family) {
        this.token = token;
        this.family = family;
    }

    public String token() {
        return token;
    }

    public Family family() {
        return family;
    }
}
