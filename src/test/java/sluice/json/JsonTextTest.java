package sluice.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sluice.call.Bytes;
import tools.jackson.databind.json.JsonMapper;

class JsonTextTest {
    @Test
    void aSmallDocumentIsWrittenInOneLine() {
        var error =
                new JsonText()
                        .object()
                        .object("error")
                        .field("message", "The field \"model\" is missing.")
                        .field("param", (String) null)
                        .field("status", 400)
                        .field("retry", false)
                        .field("raw", Bytes.utf8("[1, 2]"))
                        .array("nearest")
                        .value("a")
                        .value(-1)
                        .value(true)
                        .value((String) null)
                        .value(Bytes.utf8("{}"))
                        .object()
                        .end()
                        .array()
                        .end()
                        .end()
                        .end()
                        .field("last", 1)
                        .end();

        assertThat(error.toBytes().utf8())
                .isEqualTo(
                        "{\"error\":{\"message\":\"The field \\\"model\\\" is missing.\",\"param\":null,"
                                + "\"status\":400,\"retry\":false,\"raw\":[1, 2],"
                                + "\"nearest\":[\"a\",-1,true,null,{},{},[]]},\"last\":1}");
    }

    @Test
    void whatMustBeEscapedIsEscapedAndNothingElse() {
        assertThat(JsonText.quoted("\"\\/\n\r\t\b\u0000\u001f\u007f é€😀").utf8())
                .isEqualTo("\"\\\"\\\\/\\n\\r\\t\\u0008\\u0000\\u001f\u007f é€😀\"");
        assertThat(JsonText.quoted("\ud800 \udc00\ud83d").utf8())
                .isEqualTo("\"\\ud800 \\udc00\\ud83d\"");
    }

    @Test
    void anyTextIsReadBackAsItWas() throws NotJson {
        var mapper = new JsonMapper();
        var names = Governed.of("text");
        for (long seed = Chance.SEED; seed < Chance.SEED + Chance.ROUNDS; seed++) {
            var random = new Random(seed);
            var text = new StringBuilder();
            for (int left = random.nextInt(20); left > 0; left--) {
                text.append(
                        random.nextBoolean()
                                ? Chance.character(random)
                                : (char) random.nextInt(0x10000));
            }
            var document = new JsonText().object().field("text", text.toString()).end().toBytes();

            var field = Fields.scan(document, names, Limits.DEFAULT).find("text");

            assertThat(field == null ? null : field.string())
                    .as("seed %d", seed)
                    .isEqualTo(text.toString());
            assertThat(mapper.readTree(document.utf8()).get("text").asString())
                    .as("seed %d", seed)
                    .isEqualTo(text.toString());
        }
    }

    @Test
    void writesEveryNumber() {
        var random = new Random(20261130);
        var numbers = new ArrayList<>(List.of(0L, -1L, 9L, 10L, Long.MAX_VALUE, Long.MIN_VALUE));
        for (int i = 0; i < 1_000; i++) {
            numbers.add(random.nextLong() >> random.nextInt(64));
        }
        for (long number : numbers) {
            assertThat(new JsonText().value(number).toBytes().utf8())
                    .isEqualTo(Long.toString(number));
        }
    }

    @Test
    void aLongDocumentFits() {
        var text = new JsonText().array();
        for (int i = 0; i < 10_000; i++) {
            text.value(i);
        }
        assertThat(text.end().toBytes().length()).isEqualTo(2 + 9_999 + 10 + 180 + 2_700 + 36_000);
    }

    @Test
    void whatIsOpenMustBeEndedAndNothingElse() {
        assertThatThrownBy(() -> new JsonText().object().toBytes())
                .hasMessage("1 objects or arrays are not ended");
        assertThatThrownBy(() -> new JsonText().end())
                .hasMessage("there is no object or array to end");
        assertThatThrownBy(
                        () -> {
                            var text = new JsonText();
                            for (int depth = 0; depth < 100; depth++) {
                                text.array();
                            }
                        })
                .hasMessage("a document of ours is at most 62 deep");
    }
}
