package sluice.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.call.Bytes;

/// Single quotes stand for double ones, which cannot be read in a table.
class GrammarTest {
    private static final Governed NONE = Governed.of();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                " \t\r\n{ \t\r\n} \t\r\n",
                "{'':''}",
                "{'a':[[],{},[{}],{'b':[]}]}",
                "{'a' : [ 1 , 2 ] , 'b' : { 'c' : null , 'd' : [ ] } }",
                "{'a':[0,-0,10,-1.5,0.0,1e5,1E+5,1.25e-300,123456789012345678901234567890]}",
                "{'a':[true,false,null]}",
                "{'a':'\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD800\\uabCD'}",
                "{'a':'\u007f \u0080 \ud7ff \ue000 \uffff \ud800\udc00 \udbff\udfff'}",
                "{'a':1,'a':2}",
            })
    void whatTheGrammarAllowsPasses(String document) {
        assertThatCode(() -> scan(document)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{|1|expected a name in quotes, got the end of the body",
                "{,}|1|expected a name in quotes, got ','",
                "{a:1}|1|expected a name in quotes, got 'a'",
                "{'a'}|4|expected ':' after a name, got '}'",
                "{'a' 1}|5|expected ':' after a name, got '1'",
                "{'a':}|5|expected a value, got '}'",
                "{'a':1,}|7|expected a name in quotes, got '}'",
                "{'a':1 'b':2}|7|expected ',' or '}', got '''",
                "{'a':1]|6|expected ',' or '}', got ']'",
                "{'a':[1}|7|expected ',' or ']', got '}'",
                "{'a':[1,]}|8|expected a value, got ']'",
                "{'a':[,1]}|6|expected a value, got ','",
                "{'a':{'b':1]}|11|expected ',' or '}', got ']'",
                "{'a':{'b'}}|9|expected ':' after a name, got '}'",
                "{'a':[|6|expected a value, got the end of the body",
                "{'a':'b|7|expected ''' at the end of a string, got the end of the body",
                "{'a':'\\x'}|7|expected one of '\\/bfnrtu after a backslash, got 'x'",
                "{'a':'\\u12g4'}|10|expected four hexadecimal digits after '\\u', got 'g'",
                "{'a':'\\u12|10|expected four hexadecimal digits after '\\u', got the end of the body",
                "{'a':tru}|8|expected 'true', got '}'",
                "{'a':True}|5|expected a value, got 'T'",
                "{'a':nul|8|expected 'null', got the end of the body",
                "{'a':truex}|9|expected ',' or '}', got 'x'",
                "{'a':01}|5|a number has a leading zero",
                "{'a':-}|6|expected a digit, got '}'",
                "{'a':-a}|6|expected a digit, got 'a'",
                "{'a':1.}|7|expected a digit, got '}'",
                "{'a':.5}|5|expected a value, got '.'",
                "{'a':1e}|7|expected a digit, got '}'",
                "{'a':1e+}|8|expected a digit, got '}'",
                "{'a':+1}|5|expected a value, got '+'",
                "{'a':0x1}|6|expected ',' or '}', got 'x'",
                "{'a':1}}|7|expected nothing after the object, got '}'",
                "{}{}|2|expected nothing after the object, got '{'",
                "{'a':1} /* */|8|expected nothing after the object, got '/'",
                "hello|0|expected '{', got 'h'",
                "{é:1}|1|expected a name in quotes, got byte 0xC3",
            })
    void aFaultIsNamedWithItsPlace(String document, int where, String problem) {
        assertThatThrownBy(() -> scan(document))
                .isInstanceOf(NotJson.class)
                .hasMessage(
                        "The body is not valid JSON: at byte %d, %s.",
                        where,
                        problem.replace("got '''", "got '\"'")
                                .replace("'''", "'\"'")
                                .replace("of '", "of \""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "[1]|The body is a JSON array; an object was expected.",
                "'a'|The body is a JSON string; an object was expected.",
                "\ufeff{}|The body begins with a byte order mark; send UTF-8 without one.",
            })
    void aDocumentThatIsNoObjectIsRefusedForWhatItIs(String document, String message) {
        assertThatThrownBy(() -> scan(document)).hasMessage(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n\t\r "})
    void anEmptyBodyIsSaidToBeEmpty(String document) {
        assertThatThrownBy(() -> scan(document))
                .hasMessage("The body is empty; a JSON object was expected.");
    }

    @Test
    void noControlCharacterStandsInAString() {
        for (char control = 0; control < ' '; control++) {
            var document = "{'a':'text" + control + "'}";
            assertThatThrownBy(() -> scan(document))
                    .hasMessage(
                            "The body is not valid JSON: at byte 10, a string holds an unescaped"
                                    + " control character, got byte 0x%02X.",
                            (int) control);
        }
    }

    @Test
    void onlyFourCharactersAreWhiteSpace() {
        for (int b = 0; b < 256; b++) {
            var document = "{'a': 1}".replace('\'', '"').getBytes(StandardCharsets.UTF_8);
            document[5] = (byte) b;
            boolean allowed =
                    b == ' '
                            || b == '\t'
                            || b == '\n'
                            || b == '\r'
                            || b == '-'
                            || (b >= '1' && b <= '9');
            assertThat(passes(document)).as("byte %d", b).isEqualTo(allowed);
        }
    }

    @Test
    void nestingEndsAtTheLimit() {
        assertThat(passes(nested(128), Limits.DEFAULT)).isTrue();
        assertThatThrownBy(() -> Fields.scan(nested(129), NONE, Limits.DEFAULT))
                .hasMessage("The body is nested deeper than 128 levels.");
        assertThatThrownBy(() -> Fields.scan(nested(200), NONE, Limits.DEFAULT))
                .hasMessage("The body is nested deeper than 128 levels.");
    }

    @Test
    void anyDepthCanBeTheLimitAndKindsAreRememberedAllTheWay() {
        for (int depth = 1; depth < 300; depth++) {
            var limits = new Limits(depth, 10_000, 10);
            assertThat(passes(nested(depth), limits)).as("depth %d", depth).isTrue();
            assertThat(passes(nested(depth + 1), limits)).as("depth %d", depth).isFalse();
        }
    }

    @Test
    void aDeepFloodIsRefusedAtTheLimitWithoutReadingOn() {
        var flood = Bytes.utf8("{\"a\":" + "[".repeat(10_000_000));

        assertThatThrownBy(() -> Fields.scan(flood, NONE, Limits.DEFAULT))
                .hasMessage("The body is nested deeper than 128 levels.");
    }

    @Test
    void sizeAndFieldsEndAtTheLimit() {
        var document = Bytes.utf8("{\"a\":1,\"b\":2}");

        assertThat(passes(document, new Limits(1, 13, 2))).isTrue();
        assertThatThrownBy(() -> Fields.scan(document, NONE, new Limits(1, 12, 2)))
                .hasMessage("The body has 13 bytes; the limit is 12.");
        assertThatThrownBy(() -> Fields.scan(document, NONE, new Limits(1, 13, 1)))
                .hasMessage("The body has more than 1 fields.");
    }

    /// Objects and arrays in turn, but for a run of each, so that a forgotten bit is noticed.
    private static Bytes nested(int depth) {
        var open = new StringBuilder("{\"a\":");
        var close = new StringBuilder("}");
        for (int level = 2; level <= depth; level++) {
            boolean object = level % 2 == 0 || (level > 60 && level < 70);
            open.append(object ? "{\"b\":" : "[");
            close.insert(0, object ? ",\"c\":0}" : ",0]");
        }
        return Bytes.utf8(open + "1" + close);
    }

    private static boolean passes(byte[] document) {
        return passes(Bytes.of(document), Limits.DEFAULT);
    }

    private static boolean passes(Bytes document, Limits limits) {
        try {
            Fields.scan(document, NONE, limits);
            return true;
        } catch (NotJson refused) {
            return false;
        }
    }

    private static void scan(String document) throws NotJson {
        Fields.scan(Bytes.utf8(document.replace('\'', '"')), NONE, Limits.DEFAULT);
    }
}
