package sluice.simulator;

import java.util.List;

/// A serving endpoint of the workspace. {@code entity} is what it serves: a name in Unity Catalog, or {@code
/// provider/model} of an external model; {@code model} is the dated name that its answers carry, which is never the
/// endpoint's own; {@code behaviour} is how it answers when nobody asks for anything else.
public record Endpoint(
        String name, Task task, String entity, String model, State state, String behaviour) {

    public enum Task {
        CHAT("llm/v1/chat"),
        COMPLETIONS("llm/v1/completions"),
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

    /// The dialects of models, by the names that Databricks gives them.
    enum Api {
        CHAT("mlflow/v1/chat/completions"),
        COMPLETIONS("mlflow/v1/completions"),
        EMBEDDINGS("mlflow/v1/embeddings"),
        MESSAGES("anthropic/v1/messages"),
        RESPONSES("openai/v1/responses"),
        /// Databricks' own form of Responses, for models of every family.
        OPEN_RESPONSES("open-responses"),
        AGENT_RESPONSES("mlflow/v1/responses"),
        /// Rows in, predictions out.
        PREDICT("predict");

        private final String wire;

        Api(String wire) {
            this.wire = wire;
        }

        String wire() {
            return wire;
        }

        /// True when lists of models name it.
        boolean listed() {
            return switch (this) {
                case CHAT, COMPLETIONS, EMBEDDINGS, MESSAGES, RESPONSES -> true;
                case OPEN_RESPONSES, AGENT_RESPONSES, PREDICT -> false;
            };
        }
    }

    public enum State {
        READY,
        /// Serves the old version while the new one comes up.
        UPDATING,
        NOT_READY,
        /// The row has neither {@code state} nor {@code config}; it serves nothing.
        UNSAID,
        /// The row has {@code state} and {@code config}, both null; it serves nothing.
        NULL
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
                            "databricks-claude-opus-4-8",
                            "system.ai.databricks-claude-opus-4-8",
                            "us.anthropic.claude-opus-4-8-v1:0"),
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
                            "normal"),
                    new Endpoint(
                            "migrated-lookup",
                            Task.NONE,
                            "main.features.migrated",
                            "migrated-lookup-1",
                            State.NULL,
                            "normal"),
                    new Endpoint(
                            "code-completion",
                            Task.COMPLETIONS,
                            "main.models.code_completion",
                            "code-completion-4",
                            State.READY,
                            "normal"),
                    chat("external-gpt-4o", "openai/gpt-4o", "gpt-4o-2024-08-06"),
                    chat(
                            "external-claude-sonnet",
                            "anthropic/claude-sonnet-4-5",
                            "claude-sonnet-4-5-20250929"));

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

    boolean foundation() {
        return entity.startsWith("system.ai.");
    }

    boolean external() {
        return entity.indexOf('/') >= 0;
    }

    String provider() {
        return entity.substring(0, entity.indexOf('/'));
    }

    String providerModel() {
        return entity.substring(entity.indexOf('/') + 1);
    }

    /// The name under which Unity Catalog knows it as a model service; custom models are none, and have none.
    String service() {
        if (foundation()) {
            return "system.ai." + name.replaceFirst("^databricks-", "");
        }
        return external() ? "main.services." + name : "";
    }

    Family family() {
        return Family.of(name);
    }

    boolean speaks(Api api) {
        if (family() == Family.ANY) {
            return true;
        }
        return switch (task) {
            case CHAT -> chats(api);
            case COMPLETIONS -> api == Api.COMPLETIONS;
            case EMBEDDINGS -> api == Api.EMBEDDINGS;
            case AGENT -> api == Api.AGENT_RESPONSES || api == Api.RESPONSES;
            case NONE -> api == Api.PREDICT;
        };
    }

    /// Which of the dialects its family has (facts: databricks, 1.2).
    private boolean chats(Api api) {
        return switch (api) {
            case CHAT -> true;
            case MESSAGES -> family() == Family.CLAUDE;
            case RESPONSES -> family() == Family.GPT;
            case AGENT_RESPONSES -> family() == Family.CLAUDE || family() == Family.GPT;
            case OPEN_RESPONSES ->
                    family() == Family.GEMINI
                            || (family() == Family.OPEN
                                    && (name.contains("gpt-oss") || name.contains("qwen")));
            case COMPLETIONS -> family() == Family.OPEN && name.contains("llama");
            case EMBEDDINGS, PREDICT -> false;
        };
    }

    /// The dialect in which it is asked by its path, that of its task; what is there for a behaviour takes any.
    Api invoked(Body body) {
        if (family() == Family.ANY && !body.says("messages")) {
            return body.says("prompt")
                    ? Api.COMPLETIONS
                    : body.says("input") ? Api.EMBEDDINGS : Api.PREDICT;
        }
        return switch (task) {
            case CHAT -> Api.CHAT;
            case COMPLETIONS -> Api.COMPLETIONS;
            case EMBEDDINGS -> Api.EMBEDDINGS;
            case AGENT -> Api.AGENT_RESPONSES;
            case NONE -> Api.PREDICT;
        };
    }

    boolean answers() {
        return state == State.READY || state == State.UPDATING;
    }
}
