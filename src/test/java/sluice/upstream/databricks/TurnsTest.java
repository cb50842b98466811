package sluice.upstream.databricks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.call.Bytes;
import sluice.call.Dialect;
import sluice.json.NotJson;
import tools.jackson.databind.json.JsonMapper;

/// What hosted models' endpoints refuse and the dialect allows (facts/databricks.md sections 3.1 and 3.2).
class TurnsTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String CLAUDE = "databricks-claude-sonnet-4-5";
    private static final String LLAMA = "databricks-meta-llama-3-3-70b-instruct";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // a developer is the system
                "[{'role':'developer','content':'a'},{'role':'user','content':'b'}]"
                        + "| [{'role':'system','content':'a'},{'role':'user','content':'b'}]",
                // one system message, and that first
                "[{'role':'system','content':'a'},{'role':'user','content':'b'},"
                        + "{'role':'system','content':'c'}]"
                        + "| [{'role':'system','content':'a\\n\\nc'},{'role':'user','content':'b'}]",
                "[{'role':'user','content':'b'},{'role':'developer','content':'c'}]"
                        + "| [{'role':'system','content':'c'},{'role':'user','content':'b'}]",
                "[{'role':'system','content':[{'type':'text','text':'a'}]},"
                        + "{'role':'system','content':'c'},{'role':'user','content':'b'}]"
                        + "| [{'role':'system','content':[{'type':'text','text':'a'},"
                        + "{'type':'text','text':'c'}]},{'role':'user','content':'b'}]",
                // no text that is empty
                "[{'role':'assistant','content':'','tool_calls':[{'id':'x'}]}]"
                        + "| [{'role':'assistant','content':null,'tool_calls':[{'id':'x'}]}]",
                "[{'role':'assistant','content':[{'type':'text','text':' '}],'tool_calls':[{}]}]"
                        + "| [{'role':'assistant','content':null,'tool_calls':[{}]}]",
                "[{'role':'user','content':[{'type':'text','text':''},{'type':'text','text':'b'}]}]"
                        + "| [{'role':'user','content':[{'type':'text','text':'b'}]}]",
            })
    void aConversationIsPutInForm(String asked, String sent) throws NotJson {
        assertThat(form(Dialect.CHAT, LLAMA, "messages", asked)).isEqualTo(json(sent));
    }

    @Test
    void aMarkOnAMessageGoesOntoItsTextWhereMarksMeanSomething() throws NotJson {
        var marked = "[{'role':'user','content':'b','cache_control':{'type':'ephemeral'}}]";

        assertThat(form(Dialect.CHAT, CLAUDE, "messages", marked))
                .isEqualTo(
                        json(
                                """
                                [{'role':'user','content':[{'type':'text','text':'b',
                                  'cache_control':{'type':'ephemeral'}}]}]\
                                """));
        assertThat(form(Dialect.CHAT, LLAMA, "messages", marked)).isNull();
    }

    @Test
    void anIdThatWasGivenTooLongIsCut() throws NotJson {
        var id = "msg_".repeat(21);

        assertThat(
                        form(
                                Dialect.RESPONSES,
                                "databricks-gpt-5-2",
                                "input",
                                "[{'id':'%s','type':'message'},{'id':'fc_1'}]".formatted(id)))
                .isEqualTo(
                        json(
                                "[{'id':'%s','type':'message'},{'id':'fc_1'}]"
                                        .formatted(id.substring(0, 64))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{'role':'system','content':'a'},{'role':'user','content':'say \\\\n developer'}]",
                "[{'role':'user','content':''}]",
                "[{'role':'user','content':[{'type':'text','text':''}]}]",
                "[{'role':'user','content':'system'},{'role':'user','content':'system'}]",
                "'developer'",
                "['developer']",
            })
    void whatIsInFormOrCannotBeStaysAsItIs(String asked) throws NotJson {
        assertThat(form(Dialect.CHAT, CLAUDE, "messages", asked)).isNull();
    }

    @Test
    void anEndpointOfOnesOwnTakesWhatItsModelTakes() throws NotJson {
        assertThat(
                        form(
                                Dialect.CHAT,
                                "support-agent",
                                "messages",
                                "[{'role':'developer','content':'a'}]"))
                .isNull();
    }

    @Test
    void numbersBesideItStayAsTheyWereWritten() throws NotJson {
        var turns =
                Turns.outOfForm(
                        Bytes.utf8(
                                "{\"temperature\":0.70,\"messages\":[{\"role\":\"developer\",\"content\":\"a\",\"n\":1.50}]}"),
                        Dialect.CHAT,
                        Surface.GATEWAY,
                        List.of("cat.sch.svc"));

        assertThat(Objects.requireNonNull(Objects.requireNonNull(turns).inForm()).utf8())
                .isEqualTo(
                        "{\"temperature\":0.70,\"messages\":[{\"role\":\"system\",\"content\":\"a\",\"n\":1.50}]}");
    }

    /// The library's reader went on behind the part that it was given, where the part was long and stood inside.
    @ParameterizedTest
    @ValueSource(ints = {1, 100, 1_000, 4_000, 10_000, 100_000})
    void aLongConversationBetweenOtherFieldsIsReadToItsEnd(int words) throws NotJson {
        var text = "Gr\\u00fc\\u00dfe \\\"x\\\" ".repeat(words);
        var body =
                """
                {"model": "m", "temperature": 0.5, "messages": [{"role": "developer", "content": "%s"}], "max_tokens": 50}
                """
                        .formatted(text);
        var found =
                Turns.outOfForm(Bytes.utf8(body), Dialect.CHAT, Surface.SERVING, List.of(LLAMA));

        assertThat(
                        JSON.readTree(
                                Objects.requireNonNull(Objects.requireNonNull(found).inForm())
                                        .utf8()))
                .isEqualTo(JSON.readTree(body.replace("developer", "system")));
        assertThat(ImageLinks.read(Bytes.utf8(body), Dialect.CHAT)).isNotNull();
    }

    private static @Nullable Object form(Dialect dialect, String model, String top, String turns)
            throws NotJson {
        var body = "{\"%s\":%s}".formatted(top, turns.replace('\'', '"'));
        var found = Turns.outOfForm(Bytes.utf8(body), dialect, Surface.SERVING, List.of(model));
        var formed = found == null ? null : found.inForm();
        return formed == null ? null : JSON.readTree(formed.utf8()).path(top);
    }

    private static Object json(String text) {
        return JSON.readTree(text.replace('\'', '"'));
    }
}
