package sluice.simulator;

import java.util.List;

/// A serving endpoint of the workspace. {@code entity} is what it serves; {@code model} is the dated name that its
/// answers carry, which is never the endpoint's own;
/// {@code behaviour} is how it answers when nobody asks for anything else.
public record Endpoint(
        String name, Task task, String entity, String model, State state, String behaviour) {

    public enum Task {
        CHAT("llm/v1/chat"),
        EMBEDDINGS("llm/v1/embeddings"),
        AGENT("agent/v1/responses"),
        /// A custom model, whose row has no task.
        NONE("");

        private final String wire;

        Task(String wire) {
            this.wire = wire;
        }

        String wire() {
            return wire;
        }
    }

    public enum State {
        READY,
        /// Serves the old version while the new one comes up.
        UPDATING,
        NOT_READY,
        /// The row has neither {@code state} nor {@code config}; it serves nothing.
        UNSAID
    }

    /// A workspace with something of every kind.
    public static final List<Endpoint> STANDARD =
            List.of(
                    chat(
                            "databricks-meta-llama-3-3-70b-instruct",
                            "system.ai.llama_v3_3_70b_instruct",
                            "meta-llama-3.3-70b-instruct-121024"),
                    chat(
                            "databricks-claude-sonnet-4-5",
                            "system.ai.databricks-claude-sonnet-4-5",
                            "us.anthropic.claude-sonnet-4-5-20250929-v1:0"),
                    chat(
                            "databricks-gpt-5-2",
                            "system.ai.databricks-gpt-5-2",
                            "gpt-5.2-2025-12-11"),
                    new Endpoint(
                            "databricks-gpt-oss-120b",
                            Task.CHAT,
                            "system.ai.gpt-oss-120b",
                            "gpt-oss-120b-080525",
                            State.READY,
                            "content-list"),
                    chat(
                            "databricks-gemini-2-5-pro",
                            "system.ai.databricks-gemini-2-5-pro",
                            "gemini-2.5-pro"),
                    new Endpoint(
                            "databricks-gte-large-en",
                            Task.EMBEDDINGS,
                            "system.ai.gte_large_en_v1_5",
                            "gte-large-en-v1.5",
                            State.READY,
                            "normal"),
                    new Endpoint(
                            "custom-finetuned-llama-3",
                            Task.CHAT,
                            "main.models.finetuned_llama_3",
                            "finetuned-llama-3-20260214",
                            State.UPDATING,
                            "normal"),
                    new Endpoint(
                            "support-agent",
                            Task.AGENT,
                            "main.agents.support",
                            "support-agent-3",
                            State.READY,
                            "normal"),
                    new Endpoint(
                            "churn-classifier",
                            Task.NONE,
                            "main.models.churn",
                            "churn-12",
                            State.READY,
                            "normal"),
                    new Endpoint(
                            "staging-assistant",
                            Task.CHAT,
                            "main.models.staging_assistant",
                            "staging-assistant-1",
                            State.NOT_READY,
                            "normal"),
                    new Endpoint(
                            "feature-lookup",
                            Task.NONE,
                            "main.features.lookup",
                            "feature-lookup-1",
                            State.UNSAID,
                            "normal"));

    /// A chat endpoint that is ready.
    public static Endpoint chat(String name, String entity, String model) {
        return new Endpoint(name, Task.CHAT, entity, model, State.READY, "normal");
    }

    /// The endpoint behind a model name that asks for a behaviour.
    static Endpoint behaving(String name) {
        return new Endpoint(
                name,
                Task.CHAT,
                "system.ai.simulated",
                "simulated-20260101",
                State.READY,
                name.substring(Behaviour.MODEL_PREFIX.length()));
    }

    boolean answers() {
        return state == State.READY || state == State.UPDATING;
    }
}
