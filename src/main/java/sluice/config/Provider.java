package sluice.config;

import java.util.List;

/// Whose protocol and habits a target has.
public sealed interface Provider {

    /// The name in the file, and before the slash of {@code <provider>/<model>}.
    String name();

    /// @param schemas further schemas of Unity Catalog whose model services are listed
    record Databricks(Surface surface, List<String> schemas) implements Provider {
        public Databricks {
            schemas = List.copyOf(schemas);
        }

        @Override
        public String name() {
            return "databricks";
        }
    }

    record OpenAi() implements Provider {
        @Override
        public String name() {
            return "openai";
        }
    }

    record Anthropic() implements Provider {
        @Override
        public String name() {
            return "anthropic";
        }
    }

    /// Any service that speaks a base format.
    record Custom(BaseFormat baseFormat) implements Provider {
        @Override
        public String name() {
            return "custom";
        }
    }

    /// Which of a workspace's doors is used; {@code AUTO} leaves the choice to us.
    enum Surface {
        AUTO,
        SERVING,
        GATEWAY
    }

    enum BaseFormat {
        OPENAI,
        ANTHROPIC
    }
}
