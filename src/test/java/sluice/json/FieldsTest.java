package sluice.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.call.Bytes;

class FieldsTest {
    private static final Governed CHAT =
            Governed.of("model", "stream", "max_tokens", "messages", "usage", "error", "choices");

    @Test
    void aFieldIsFoundAmongOthers() throws NotJson {
        var fields =
                scan(
                        """
                        {"temperature": 0.2, "model" : "databricks-claude", "messages": [{"role": "user"}],
                         "stream":true, "max_tokens":-12}\
                        """);

        assertThat(field(fields, "model").string()).isEqualTo("databricks-claude");
        assertThat(field(fields, "model").value().utf8()).isEqualTo("\"databricks-claude\"");
        assertThat(field(fields, "model").member().utf8())
                .isEqualTo("\"model\" : \"databricks-claude\"");
        assertThat(field(fields, "messages").kind()).isEqualTo(Kind.ARRAY);
        assertThat(field(fields, "stream").asBoolean()).isTrue();
        assertThat(field(fields, "max_tokens").asLong()).isEqualTo(-12);
        assertThat(fields.count()).isEqualTo(5);
        assertThat(fields.find("usage")).isNull();
        assertThat(fields.has("usage")).isFalse();
    }

    @Test
    void anArrayOfCountlessElementsIsRefusedWhereTheyAreWantedOneByOne() throws NotJson {
        var most = "{\"messages\":[1" + ",1".repeat(Field.MOST_ELEMENTS - 1) + "]}";
        var more = "{\"messages\":[1" + ",1".repeat(Field.MOST_ELEMENTS) + "]}";

        assertThat(field(scan(most), "messages").elements()).hasSize(Field.MOST_ELEMENTS);
        assertThatThrownBy(() -> field(scan(more), "messages").elements())
                .isInstanceOf(NotJson.class)
                .hasMessage("The field 'messages' may have at most 100000 elements.");
    }

    @Test
    void aFieldCanBeAskedForByItsIndex() throws NotJson {
        int stream = CHAT.index("stream");

        assertThat(scan("{\"stream\": false}").has(stream)).isTrue();
        assertThat(scan("{\"model\": \"m\"}").find(stream)).isNull();
    }

    @Test
    void askingForANameThatIsNotGovernedIsAMistakeInTheCode() throws NotJson {
        var fields = scan("{}");

        assertThatThrownBy(() -> fields.find("user"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'user' is not a governed field; these are: model, stream");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"model\":1,\"model\":2}",
                "{\"model\":1,\"x\":0,\"mod\\u0065l\":2}",
                "{\"\\u006d\\u006f\\u0064\\u0065\\u006C\":1,\"model\":2}"
            })
    void aSecondSpellingOfAGovernedFieldCannotSlipPast(String document) {
        var refused = refusal(document);

        assertThat(refused).hasMessage("The field 'model' is given twice.");
        assertThat(refused.param()).isEqualTo("model");
    }

    @Test
    void aNameSpeltWithEscapesIsTheSameName() throws NotJson {
        assertThat(field(scan("{\"mod\\u0065l\":\"m\"}"), "model").string()).isEqualTo("m");
    }

    @Test
    void otherFieldsMayRepeatAndGovernedNamesMayReturnFurtherDown() throws NotJson {
        var fields =
                scan("{\"x\":1,\"x\":2,\"metadata\":{\"model\":1,\"model\":2},\"model\":\"m\"}");

        assertThat(fields.count()).isEqualTo(4);
        assertThat(field(fields, "model").string()).isEqualTo("m");
    }

    @Test
    void aViewInTheMiddleOfAnArrayIsADocumentOfItsOwn() throws NotJson {
        var array = "xxxxx{\"model\":\"m\"}yyy".getBytes(StandardCharsets.UTF_8);

        var fields = Fields.scan(Bytes.of(array, 5, 18), CHAT, Limits.DEFAULT);

        assertThat(field(fields, "model").string()).isEqualTo("m");
        assertThatThrownBy(() -> Fields.scan(Bytes.of(array, 5, 17), CHAT, Limits.DEFAULT))
                .hasMessageContaining("at byte 12, expected ',' or '}', got the end of the body");
    }

    @Test
    void usageIsReadByScansOfTheValuesAlone() throws NotJson {
        var counts = Governed.of("prompt_tokens", "prompt_tokens_details");
        var details = Governed.of("cached_tokens");
        var chunk =
                scan(
                        """
                        {"choices": [ ], "usage": {"prompt_tokens": 3, "completion_tokens": 1,
                         "prompt_tokens_details": {"cached_tokens": 1}}}\
                        """);

        var usage = field(chunk, "usage").object(counts, Limits.DEFAULT);
        var cached =
                field(usage, "prompt_tokens_details")
                        .object(details, Limits.DEFAULT)
                        .find("cached_tokens");

        assertThat(field(chunk, "choices").isEmpty()).isTrue();
        assertThat(chunk.has("error")).isFalse();
        assertThat(field(usage, "prompt_tokens").asLong()).isEqualTo(3);
        assertThat(Objects.requireNonNull(cached).asLong()).isEqualTo(1);
    }

    @Test
    void aFaultInsideAFieldNamesTheWholePath() throws NotJson {
        var counts = Governed.of("prompt_tokens");
        var usage = field(scan("{\"usage\":{\"prompt_tokens\":\"3\"}}"), "usage");
        var twice = field(scan("{\"usage\":{\"prompt_tokens\":3,\"prompt_tokens\":4}}"), "usage");

        assertThatThrownBy(
                        () -> field(usage.object(counts, Limits.DEFAULT), "prompt_tokens").asLong())
                .hasMessage("The field 'usage.prompt_tokens' must be a number, got a string.");
        assertThatThrownBy(() -> twice.object(counts, Limits.DEFAULT))
                .hasMessage("The field 'usage.prompt_tokens' is given twice.");
    }

    @Test
    void aFieldOfTheWrongKindIsSaidInTheCallersWords() throws NotJson {
        var fields = scan("{\"model\":7,\"stream\":\"yes\",\"max_tokens\":null,\"usage\":[]}");

        assertThatThrownBy(() -> field(fields, "model").string())
                .hasMessage("The field 'model' must be a string, got a number.");
        assertThatThrownBy(() -> field(fields, "stream").asBoolean())
                .hasMessage("The field 'stream' must be true or false, got a string.");
        assertThatThrownBy(() -> field(fields, "max_tokens").asLong())
                .hasMessage("The field 'max_tokens' must be a number, got null.");
        assertThatThrownBy(() -> field(fields, "usage").object(CHAT, Limits.DEFAULT))
                .hasMessage("The field 'usage' must be an object, got an array.");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0, 0",
        "4, 4",
        "4.0, 4",
        "4e3, 4000",
        "4000E-3, 4",
        "999999999999999999, 999999999999999999",
        "9223372036854775807, 9223372036854775807",
        "-9223372036854775808, -9223372036854775808"
    })
    void aWholeNumberIsReadHoweverItIsWritten(String written, long meant) throws NotJson {
        assertThat(field(scan("{\"max_tokens\":" + written + "}"), "max_tokens").asLong())
                .isEqualTo(meant);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.5",
                "9223372036854775808",
                "1e19",
                "1e999999999",
                "1e-999999999",
                "1e99999999999999999999",
                "10000000000000000000000000000000000000000000000000000000000000000000000000000"
            })
    void aNumberThatIsNoLongIsRefusedAndNotRounded(String written) throws NotJson {
        var field = field(scan("{\"max_tokens\":" + written + "}"), "max_tokens");

        assertThatThrownBy(field::asLong)
                .hasMessage("The field 'max_tokens' must be a whole number of at most 64 bits.");
    }

    @Test
    void aStringIsReadWithItsEscapesResolved() throws NotJson {
        var fields =
                scan("{\"model\":\"a\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD83D\\ude00é😀\\ud800\"}");

        assertThat(field(fields, "model").string()).isEqualTo("a\"\\/\b\f\n\r\té😀é😀\ud800");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{\"choices\":[]}|true",
                "{\"choices\":[ \t ]}|true",
                "{\"choices\":{ }}|true",
                "{\"choices\":\"\"}|true",
                "{\"choices\":\" \"}|false",
                "{\"choices\":[0]}|false",
                "{\"choices\":[ [] ]}|false",
                "{\"choices\":null}|false"
            })
    void nothingInsideIsEmpty(String document, boolean empty) throws NotJson {
        assertThat(field(scan(document), "choices").isEmpty()).isEqualTo(empty);
    }

    private static Fields scan(String document) throws NotJson {
        return Fields.scan(Bytes.utf8(document), CHAT, Limits.DEFAULT);
    }

    private static Field field(Fields fields, String name) {
        return Objects.requireNonNull(fields.find(name));
    }

    private static NotJson refusal(String document) {
        try {
            scan(document);
        } catch (NotJson refused) {
            return refused;
        }
        throw new AssertionError("accepted: " + document);
    }
}
