package sluice.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.call.Bytes;
import sluice.call.Dialect;
import sluice.json.Limits;
import sluice.json.NotJson;

class ModelRequestTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"messages\":[]}                                              | model",
                "{\"model\":null,\"messages\":[]}                               | model",
                "{\"model\":7,\"messages\":[]}                                  | model",
                "{\"model\":[\"m\"],\"messages\":[]}                            | model",
                "{\"model\":{},\"messages\":[]}                                 | model",
                "{\"model\":true,\"messages\":[]}                               | model",
                "{\"model\":\"\",\"messages\":[]}                               | model",
                "{\"model\":\"m\"}                                              | messages",
                "{\"model\":\"m\",\"messages\":null}                            | messages",
                "{\"model\":\"m\",\"messages\":\"hi\"}                          | messages",
                "{\"model\":\"m\",\"messages\":{}}                              | messages",
                "{\"model\":\"m\",\"messages\":[],\"stream\":\"true\"}          | stream",
                "{\"model\":\"m\",\"messages\":[],\"stream\":1}                 | stream",
                "{\"model\":\"m\",\"messages\":[],\"stream\":{}}                | stream",
                "{\"model\":\"m\",\"messages\":[],\"stream_options\":true}      | stream_options",
                "{\"model\":\"m\",\"messages\":[],\"stream_options\":[]}        | stream_options",
                "{\"model\":\"m\",\"messages\":[],\"stream_options\":{\"include_usage\":1}}"
                        + "| stream_options.include_usage",
                "{\"model\":\"m\",\"messages\":[],\"stream_options\":{\"include_usage\":\"yes\"}}"
                        + "| stream_options.include_usage",
                "{\"model\":\"m\",\"model\":\"n\",\"messages\":[]}              | model",
                "{\"model\":\"m\",\"Model\":\"n\",\"messages\":[]}              | model",
                "{\"MODEL\":\"m\",\"messages\":[]}                            | model",
                "{\"model\":\"a\\nb\",\"messages\":[]}                       | model",
                "{\"model\":\"a\\u007f\",\"messages\":[]}                   | model",
                "{\"model\":\"m\",\"\\u004dodel\":\"n\",\"messages\":[]}       | model",
                "{\"model\":\"m\",\"messages\":[],\"Stream\":true}            | stream",
                "{\"model\":\"m\",\"mod\\u0065l\":\"n\",\"messages\":[]}        | model",
                "{\"model\":\"m\",\"messages\":[],\"stream\":true,\"stream\":false}| stream",
            })
    void aFaultNamesItsField(String body, String field) {
        var not = catchThrowableOfType(NotJson.class, () -> read(body));

        assertThat(not).as(body).isNotNull();
        assertThat(not.param()).isEqualTo(field);
        assertThat(not.getMessage()).contains("'" + field + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "[]", "\"m\"", "7", "null", "{", "{\"model\":\"m\",}"})
    void whatIsNoObjectIsRefused(String body) {
        var not = catchThrowableOfType(NotJson.class, () -> read(body));

        assertThat(not).as(body).isNotNull();
        assertThat(not.param()).isNull();
    }

    @Test
    void aModelsNameHasALimit() throws NotJson {
        var longest = "m".repeat(512);

        assertThat(read(request(longest, "")).model()).isEqualTo(longest);
        assertThat(catchThrowableOfType(NotJson.class, () -> read(request(longest + "m", ""))))
                .hasMessageContaining("1 to 512 characters, got 513");
    }

    @Test
    void escapesInTheModelsNameAreResolved() throws NotJson {
        assertThat(read("{\"mod\\u0065l\":\"a\\/\\u0062\",\"messages\":[]}").model())
                .isEqualTo("a/b");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``                                                              | false | false",
                ",\"stream\":null                                                | false | false",
                ",\"stream\":false                                               | false | false",
                ",\"stream\":true                                                | true  | false",
                ",\"stream\":true,\"stream_options\":null                        | true  | false",
                ",\"stream\":true,\"stream_options\":{}                          | true  | false",
                ",\"stream\":true,\"stream_options\":{\"include_usage\":null}    | true  | false",
                ",\"stream\":true,\"stream_options\":{\"include_usage\":false}   | true  | false",
                ",\"stream\":true,\"stream_options\":{\"include_usage\":true}    | true  | true",
                ",\"stream_options\":{\"include_usage\":true}                    | false | true",
            })
    void theStreamOptionsAreUnderstood(String more, boolean stream, boolean usage) throws NotJson {
        var asked = read(request("m", more));

        assertThat(asked.stream()).isEqualTo(stream);
        assertThat(asked.includesUsage()).isEqualTo(usage);
    }

    // --- what is sent on

    @Test
    void bytesOutsideTheSpliceAreIdentical() throws NotJson {
        var body =
                " {\n"
                        + " \"x\" : 1.50e+1 , \"model\"\t:  \"here/m\" ,\"messages\":[ \"\\u00e9"
                        + " {\\\"model\\\"}\" ],\"unknown\":{\"stream\":false} }\r\n";

        assertThat(sent(body, "there", false)).isEqualTo(body.replace("\"here/m\"", "\"there\""));
    }

    @Test
    void theSameNameIsNotTouched() throws NotJson {
        var body = Bytes.utf8(request("m", ""));

        assertThat(
                        ModelRequest.read(Dialect.CHAT, body, Limits.DEFAULT)
                                .forTarget("m", true)
                                .inOrder())
                .containsExactly(body);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                ",\"stream\":true | ,\"stream\":true,\"stream_options\":{\"include_usage\":true}",
                ",\"stream_options\":null,\"stream\":true |"
                        + " ,\"stream_options\":{\"include_usage\":true},\"stream\":true",
                ",\"stream\":true,\"stream_options\":{} |"
                        + " ,\"stream\":true,\"stream_options\":{\"include_usage\":true}",
                ",\"stream\":true,\"stream_options\":{ \"include_obfuscation\" : false } |"
                        + " ,\"stream\":true,\"stream_options\":{ \"include_obfuscation\" :"
                        + " false,\"include_usage\":true }",
                ",\"stream\":true,\"stream_options\":{\"include_usage\":false,\"x\":[1]} |"
                        + " ,\"stream\":true,\"stream_options\":{\"include_usage\":true,\"x\":[1]}",
                ",\"stream\":true,\"stream_options\":{\"include_usage\":null} |"
                        + " ,\"stream\":true,\"stream_options\":{\"include_usage\":true}",
                ",\"stream\":true,\"stream_options\":{\"include_usage\":true} |"
                        + " ,\"stream\":true,\"stream_options\":{\"include_usage\":true}",
                ",\"stream\":false | ,\"stream\":false",
            })
    void usageIsAskedForAndOtherStreamOptionsSurvive(String asked, String sent) throws NotJson {
        assertThat(sent(request("m", asked), "m", true)).isEqualTo(request("m", sent));
    }

    @Test
    void aTargetThatReportsUsageAnywayIsNotAskedForIt() throws NotJson {
        var body = request("m", ",\"stream\":true");

        assertThat(sent(body, "m", false)).isEqualTo(body);
    }

    @Test
    void eightFallbacksMayBeNamedAndTheNinthIsNotLookedAt() throws NotJson {
        var eight = ",\"fallbacks\":[\"a\"" + ",\"a\"".repeat(7);

        assertThat(read(request("m", eight + "]")).fallbacks()).hasSize(8);
        assertThatThrownBy(() -> read(request("m", eight + ",{\"no\":1}]")).fallbacks())
                .isInstanceOf(NotJson.class)
                .hasMessage("The field 'fallbacks' may have at most 8 elements.");
    }

    /// Both are read by themselves, where a large body is not expected any more.
    @Test
    void whatIsSmallByItsNatureMustBeSmall() {
        var much = "a".repeat(64 * 1024);

        assertThatThrownBy(
                        () -> read(request("m", ",\"fallbacks\":[\"" + much + "\"]")).fallbacks())
                .hasMessage("The field 'fallbacks' may have at most 65536 bytes.");
        assertThatThrownBy(() -> read(request("m", ",\"stream_options\":{\"a\":\"" + much + "\"}")))
                .hasMessage("The field 'stream_options' may have at most 65536 bytes.");
    }

    @Test
    void aRequestPrintsNoPrompt() throws NotJson {
        assertThat(read("{\"model\":\"m\",\"messages\":[\"a secret\"]}").toString())
                .contains("\"m\"")
                .doesNotContain("secret");
    }

    private static String request(String model, String more) {
        return "{\"model\":\"" + model + "\",\"messages\":[\"é\"]" + more + "}";
    }

    /// Trap 51 of facts/llm-protocols.md section 16: some clients write what they mean to leave out.
    @Test
    void anEncodingFormatThatIsNullIsLeftOut() throws NotJson {
        var body = Bytes.utf8("{\"model\":\"m\",\"encoding_format\":null,\"input\":\"a\"}");

        var asked = ModelRequest.read(Dialect.EMBEDDINGS, body, Limits.DEFAULT);

        assertThat(asked.forTarget("m", false).joined().utf8())
                .isEqualTo("{\"model\":\"m\",\"input\":\"a\"}");
    }

    private static ModelRequest read(String body) throws NotJson {
        return ModelRequest.read(Dialect.CHAT, Bytes.utf8(body), Limits.DEFAULT);
    }

    private static String sent(String body, String model, boolean withUsage) throws NotJson {
        return read(body).forTarget(model, withUsage).joined().utf8();
    }
}
