package sluice.config;

/// Whose protocol and habits a target has.
public sealed interface Provider {

    /// The name in the file, and before the slash of {@code <provider>/<model>}.
    String name();

    record Databricks(Surface surface) implements Provider {
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
        SERVING
    }

    enum BaseFormat {
        OPENAI
    }
}
