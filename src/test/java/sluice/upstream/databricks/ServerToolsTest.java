package sluice.upstream.databricks;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import sluice.call.Bytes;
import sluice.call.Dropped;
import sluice.json.NotJson;

/// Trap 29 of facts/llm-protocols.md section 16, at a workspace's own Messages.
class ServerToolsTest {
    private final Dropped dropped = new Dropped();

    private @Nullable String without(String body) throws NotJson {
        var sent = ServerTools.without(Bytes.utf8(body), dropped);
        return sent == null ? null : sent.utf8();
    }

    @Test
    void aToolThatTheProviderWouldRunIsLeftOutAndTold() throws NotJson {
        assertThat(
                        without(
                                """
                                {"tools": [{"type": "web_search_20250305", "name": "web_search"},
                                 {"name": "look_up", "input_schema": {"a": 1.50}}], "tool_choice": {"type": "auto"}}\
                                """))
                .isEqualTo(
                        """
                        {"tools": [{"name": "look_up", "input_schema": {"a": 1.50}}], "tool_choice": {"type": "auto"}}\
                        """);
        assertThat(dropped.names()).containsExactly("tools[web_search_20250305]");
    }

    @Test
    void aChoiceAmongNoToolsGoesToo() throws NotJson {
        assertThat(
                        without(
                                """
                                {"max_tokens": 5, "tools": [{"type": "web_fetch_20250910", "name": "web_fetch"}], "tool_choice": {"type": "any"}}\
                                """))
                .isEqualTo("{\"max_tokens\": 5}");
    }

    @Test
    void aChoiceOfOneThatIsGoneGoesTooAndOneOfAnotherStays() throws NotJson {
        var tools =
                """
                {"tools": [{"type": "code_execution_20250522", "name": "run"}, {"name": "b"}], "tool_choice": {"type": "tool", "name": "%s"}}\
                """;

        assertThat(without(tools.formatted("run"))).isEqualTo("{\"tools\": [{\"name\": \"b\"}]}");
        assertThat(without(tools.formatted("b"))).contains("\"tool_choice\"");
    }

    @Test
    void whatOnlySpeaksOfThemStaysAsItWas() throws NotJson {
        assertThat(without("{\"messages\": [\"web_search_20250305\"], \"tools\": []}")).isNull();
        assertThat(without("{\"messages\": [\"web_search_20250305\"]}")).isNull();
        assertThat(without("{\"tools\": [{\"name\": \"a\"}, 7]}")).isNull();
        assertThat(dropped.isEmpty()).isTrue();
    }
}
