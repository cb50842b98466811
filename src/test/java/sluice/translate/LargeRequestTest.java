package sluice.translate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import sluice.call.Bytes;
import sluice.call.Dialect;
import sluice.call.Dropped;
import sluice.call.ModelTraits;
import sluice.json.NotJson;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A translation runs on the loop of many calls, so what one caller sends must not take longer by the square: such a
/// request held up all of them for a minute. None of these takes a second now.
@Timeout(10)
class LargeRequestTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Pairs PAIRS = Pairs.create(() -> Instant.EPOCH, () -> "x");

    @Test
    void aHundredThousandResultsOfToolsStayInTheirOrder() throws NotJson {
        var asked =
                """
                {"model": "m", "messages": [{"role": "user", "content": "hi"}, %s]}
                """
                        .formatted(
                                many(
                                        100_000,
                                        i ->
                                                """
                                                {"role": "tool", "tool_call_id": "c%d", "content": "r"}
                                                """
                                                        .formatted(i)));

        var content = sent(Dialect.CHAT, Dialect.MESSAGES, asked).at("/messages/0/content");

        assertThat(content.size()).isEqualTo(100_001);
        assertThat(content.at("/0/tool_use_id").stringValue()).isEqualTo("c0");
        assertThat(content.at("/99999/tool_use_id").stringValue()).isEqualTo("c99999");
        assertThat(content.at("/100000/text").stringValue()).isEqualTo("hi");
    }

    @Test
    void resultsOfFunctionsFindTheirCallsAmongManyThousands() throws NotJson {
        var asked =
                """
                {"model": "m", "messages": [%s, %s]}
                """
                        .formatted(
                                many(
                                        40_000,
                                        i ->
                                                """
                                                {"role": "assistant",
                                                 "function_call": {"name": "f%d", "arguments": "{}"}}
                                                """
                                                        .formatted(i)),
                                many(
                                        40_000,
                                        i ->
                                                """
                                                {"role": "function", "name": "f%d", "content": "r"}
                                                """
                                                        .formatted(39_999 - i)));

        var messages = sent(Dialect.CHAT, Dialect.MESSAGES, asked).path("messages");

        assertThat(messages.at("/0/content/0/id").stringValue()).isEqualTo("call_0");
        assertThat(messages.at("/1/content/39999/tool_use_id").stringValue()).isEqualTo("call_0");
    }

    @Test
    void anAnswerFindsItsCallAmongManyThousands() throws NotJson {
        var asked =
                """
                {"model": "m", "input": [%s, %s]}
                """
                        .formatted(
                                many(
                                        50_000,
                                        i ->
                                                """
                                                {"type": "function_call", "call_id": "c%d",
                                                 "name": "f", "arguments": "{}"}
                                                """
                                                        .formatted(i)),
                                many(
                                        50_000,
                                        i ->
                                                """
                                                {"type": "function_call_output", "call_id": "c%d",
                                                 "output": "o"}
                                                """
                                                        .formatted(49_999 - i)));

        var messages = sent(Dialect.RESPONSES, Dialect.CHAT, asked).path("messages");

        assertThat(messages.size()).isEqualTo(50_001);
        assertThat(messages.at("/1/tool_call_id").stringValue()).isEqualTo("c49999");
    }

    @Test
    void longNamesAreReadOnceAndNotSearchedFor() throws NotJson {
        var asked =
                """
                {"model": "m", "max_tokens": 5, "messages": [{"role": "user", "content": "hi"}], %s}
                """
                        .formatted(many(9_000, i -> "\"" + "n".repeat(5_000) + i + "\": 1"));

        assertThat(sent(Dialect.MESSAGES, Dialect.CHAT, asked).path("messages").size())
                .isEqualTo(1);
    }

    @Test
    void aDocumentOfCountlessTinyValuesIsRefusedBeforeItFillsTheMemory() {
        var asked =
                """
                {"model": "m", "max_tokens": 5, "input": "hi", "messages": [], "x": [%s]}
                """
                        .formatted(many(Tree.MOST_TOKENS / 2, _ -> "{}"));

        assertThatThrownBy(() -> sent(Dialect.MESSAGES, Dialect.CHAT, asked))
                .isInstanceOf(NotJson.class)
                .hasMessageContaining("more than 1000000 names, values and brackets");
        assertThatThrownBy(() -> sent(Dialect.RESPONSES, Dialect.CHAT, asked))
                .isInstanceOf(NotJson.class)
                .hasMessageContaining("more than 1000000 names, values and brackets");
    }

    private static String many(int count, IntFunction<String> each) {
        return IntStream.range(0, count).mapToObj(each).collect(Collectors.joining(","));
    }

    private static JsonNode sent(Dialect asked, Dialect spoken, String body) throws NotJson {
        var pair = Objects.requireNonNull(PAIRS.between(asked, spoken));
        var translation = pair.begin(Bytes.utf8(body), "m", ModelTraits.UNKNOWN, new Dropped());
        return JSON.readTree(translation.request().utf8());
    }
}
