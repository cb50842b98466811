package sluice.simulator;

/// Why a model stopped, in the words of chat completions and of Anthropic.
enum Finish {
    /// Whatever fits what was said; no reply ends so.
    MODEL("", ""),
    STOP("stop", "end_turn"),
    TOOLS("tool_calls", "tool_use"),
    LENGTH("length", "max_tokens"),
    SEQUENCE("stop", "stop_sequence"),
    FILTER("content_filter", "refusal"),
    REFUSAL("stop", "refusal"),
    PAUSE("stop", "pause_turn"),
    CONTEXT("length", "model_context_window_exceeded");

    private final String chat;
    private final String anthropic;

    Finish(String chat, String anthropic) {
        this.chat = chat;
        this.anthropic = anthropic;
    }

    String chat() {
        return chat;
    }

    String anthropic() {
        return anthropic;
    }
}
