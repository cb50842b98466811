package sluice.cli;

import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;

/// The coding agents that we know how to set up (facts/mcp.md section 14, facts/llm-protocols.md section 15,
/// facts/databricks.md section 1.3).
enum CodingAgent {
    CLAUDE_CODE("claude-code") {
        @Override
        Settings settings(Gate gate) {
            return claudeCode(gate);
        }
    },
    CODEX("codex") {
        @Override
        Settings settings(Gate gate) {
            return codex(gate);
        }
    },
    CURSOR("cursor") {
        @Override
        Settings settings(Gate gate) {
            return cursor(gate);
        }
    },
    GEMINI("gemini") {
        @Override
        Settings settings(Gate gate) {
            return gemini(gate);
        }
    };

    private static final JsonFactory JSON = new JsonFactory();
    private static final Pattern LOOPBACK =
            Pattern.compile("https?://(127\\.[0-9.]+|localhost|\\[::1])([:/].*)?");

    private final String typed;

    CodingAgent(String typed) {
        this.typed = typed;
    }

    abstract Settings settings(Gate gate);

    /// As it is typed.
    @Override
    public String toString() {
        return typed;
    }

    /// What an agent has to know of the gateway.
    ///
    /// @param base without {@code /v1}
    /// @param model for everything, or null to leave it to us
    /// @param keyVariable the environment variable that holds the virtual key
    record Gate(
            String base, @Nullable String model, String keyVariable, Map<String, String> headers) {

        private String model(String otherwise) {
            return model == null ? otherwise : model;
        }
    }

    sealed interface Settings {
        /// @param text everything, with words for a reader
        /// @param file the settings file alone, when the agent has one
        record Printed(String text, Optional<String> file) implements Settings {}

        /// @param why and what to use instead
        record NotServed(String why) implements Settings {}
    }

    /// Small calls in the background use the haiku alias, so one model for everything must stand behind all aliases.
    private static Settings claudeCode(Gate gate) {
        var environment = new LinkedHashMap<String, String>();
        environment.put("ANTHROPIC_BASE_URL", gate.base());
        environment.put("ANTHROPIC_API_KEY", ""); // one that is set elsewhere could win
        if (gate.model() != null) {
            environment.put("ANTHROPIC_MODEL", gate.model());
        }
        environment.put("ANTHROPIC_DEFAULT_OPUS_MODEL", gate.model("databricks-claude-opus-5"));
        environment.put("ANTHROPIC_DEFAULT_SONNET_MODEL", gate.model("databricks-claude-sonnet-5"));
        environment.put("ANTHROPIC_DEFAULT_HAIKU_MODEL", gate.model("databricks-claude-haiku-4-5"));
        environment.put("ANTHROPIC_DEFAULT_FABLE_MODEL", gate.model("databricks-claude-fable-5"));
        environment.put("CLAUDE_CODE_ENABLE_GATEWAY_MODEL_DISCOVERY", "1");
        if (!gate.headers().isEmpty()) {
            environment.put(
                    "ANTHROPIC_CUSTOM_HEADERS",
                    gate.headers().entrySet().stream()
                            .map(header -> header.getKey() + ": " + header.getValue())
                            .collect(Collectors.joining("\n")));
        }
        var exports =
                environment.entrySet().stream()
                        .map(entry ->
                                "export %s=%s\n"
                                        .formatted(entry.getKey(), quoted(entry.getValue())))
                        .collect(Collectors.joining());
        var file = claudeCodeFile(gate, environment);
        return new Settings.Printed(
                """
                # Claude Code, for a shell. %1$s holds the virtual key.
                %2$sexport ANTHROPIC_AUTH_TOKEN="$%1$s"

                # Or the same in ~/.claude/settings.json; claude is then started where %1$s is set.
                %3$s\
                """
                        .formatted(gate.keyVariable(), exports, file),
                Optional.of(file));
    }

    /// A settings file takes no variables, so the key is fetched by a command.
    private static String claudeCodeFile(Gate gate, Map<String, String> environment) {
        var text = new StringWriter();
        try (var to = JSON.createGenerator(new Indented(), text)) {
            to.writeStartObject();
            to.writeName("apiKeyHelper");
            to.writeString("printenv " + gate.keyVariable());
            to.writeName("env");
            to.writeStartObject();
            environment.forEach((name, value) -> member(name, value, to));
            to.writeEndObject();
            to.writeEndObject();
        }
        return text.append('\n').toString();
    }

    private static void member(String name, String value, JsonGenerator to) {
        to.writeName(name);
        to.writeString(value);
    }

    private static Settings codex(Gate gate) {
        var headers =
                gate.headers().isEmpty()
                        ? ""
                        : gate.headers().entrySet().stream()
                                .map(header ->
                                        toml(header.getKey()) + " = " + toml(header.getValue()))
                                .collect(Collectors.joining(", ", "http_headers = { ", " }\n"));
        var file =
                """
                # Codex, in ~/.codex/config.toml. %1$s holds the virtual key.
                model = %2$s
                model_provider = "sluice"

                [model_providers.sluice]
                name = "Sluice"
                base_url = %3$s
                env_key = "%1$s"
                wire_api = "responses"
                %4$s\
                """
                        .formatted(
                                gate.keyVariable(),
                                toml(gate.model("databricks-gpt-5-3-codex")),
                                toml(gate.base() + "/v1"),
                                headers);
        return new Settings.Printed(file, Optional.of(file));
    }

    private static Settings cursor(Gate gate) {
        var text =
                """
                Cursor, in its settings under Models:
                  OpenAI API Key             the virtual key that %1$s holds
                  Override OpenAI Base URL   %2$s/v1
                  Add Custom Model           %3$s

                Cursor is said to call from its vendor's servers: the address must then be one that the
                internet reaches, with TLS.
                """
                        .formatted(
                                gate.keyVariable(),
                                gate.base(),
                                gate.model("databricks-claude-sonnet-5"));
        var local =
                LOOPBACK.matcher(gate.base()).matches()
                        ? gate.base() + " is reached from this machine only; give --base-url.\n"
                        : "";
        var headers =
                gate.headers().isEmpty()
                        ? ""
                        : "It sends no headers of yours: --header is left out.\n";
        return new Settings.Printed(text + local + headers, Optional.empty());
    }

    private static Settings gemini(Gate gate) {
        return new Settings.NotServed(
                """
                Gemini CLI speaks Gemini's own protocol only, which this gateway does not: with
                GOOGLE_GEMINI_BASE_URL=%1$s every call would fail, so no settings are printed.

                Instead: use a Gemini model with an agent that this gateway serves, such as
                  sluice agent config codex --model databricks-gemini-3-1-pro
                or let Gemini CLI call the workspace itself, past this gateway and its ledger:
                  GOOGLE_GEMINI_BASE_URL=https://WORKSPACE/ai-gateway/gemini
                """
                        .formatted(gate.base()));
    }

    /// For a shell, whatever is in it.
    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    /// A basic string; all that comes here is printable ASCII.
    private static String toml(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    private static final class Indented extends ObjectWriteContext.Base {
        @Override
        public PrettyPrinter getPrettyPrinter() {
            return new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"));
        }

        @Override
        public boolean hasPrettyPrinter() {
            return true;
        }
    }
}
