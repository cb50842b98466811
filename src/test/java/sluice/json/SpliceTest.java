package sluice.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sluice.call.Bytes;

class SpliceTest {
    private static final Governed NAMES = Governed.of("a", "b", "c", "d");

    @Test
    void theModelIsRenamedAndNothingElseMoves() throws NotJson {
        var body = " { \"x\" : 1e5,\n\"a\" :\t\"old\" ,\"y\":\"\\u00e9\\/\" }\n";

        assertThat(edited(body, splice -> splice.put("a", "new \"é\"")))
                .isEqualTo(" { \"x\" : 1e5,\n\"a\" :\t\"new \\\"é\\\"\" ,\"y\":\"\\u00e9\\/\" }\n");
    }

    @Test
    void untouchedBytesAreViewsOfTheDocumentAndNotCopies() throws NotJson {
        var body = Bytes.utf8("{\"x\":0,\"a\":1,\"y\":2}");

        var pieces = Splice.of(scan(body)).put("a", 7).pieces();

        assertThat(pieces.inOrder()).hasSize(3);
        assertThat(pieces.inOrder().get(0).array()).isSameAs(body.array());
        assertThat(pieces.inOrder().get(2).array()).isSameAs(body.array());
        assertThat(pieces.length()).isEqualTo(body.length());
    }

    @Test
    void withoutEditsTheDocumentIsWhatItWas() throws NotJson {
        var body = " {\"a\": 1} ";

        assertThat(edited(body, splice -> splice)).isEqualTo(body);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{}|{'a':1}",
                "{ }|{'a':1 }",
                "{'x':0}|{'x':0,'a':1}",
                "{'x':0 }|{'x':0,'a':1 }",
                "{'b':0,'x':0 , 'c':0}|{'b':0,'x':0 , 'c':0,'a':1}",
            })
    void aFieldThatIsMissingIsAddedAtTheEnd(String body, String sent) throws NotJson {
        assertThat(single(body, splice -> splice.put("a", 1))).isEqualTo(sent);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{'a':1}|{}",
                "{ 'a':1 }|{  }",
                "{'a':1,'x':0}|{'x':0}",
                "{'x':0,'a':1}|{'x':0}",
                "{'x':0 , 'a':1 , 'y':0}|{'x':0  , 'y':0}",
                "{'a':1,'b':2}|{}",
                "{'a':1,'b':2,'c':3}|{}",
                "{'a':1,'b':2,'x':0}|{'x':0}",
                "{'x':0,'a':1,'b':2}|{'x':0}",
                "{'b':0,'x':0,'a':1}|{'x':0}",
                "{'b':0,'x':0,'a':1,'c':0,'y':0}|{'x':0,'y':0}",
                "{'d':0,'a':1,'c':0}|{'d':0}",
            })
    void removingAFieldTakesTheRightComma(String body, String sent) throws NotJson {
        assertThat(single(body, splice -> splice.remove("c").remove("a").remove("b")))
                .isEqualTo(sent);
    }

    @Test
    void allEditsTogether() throws NotJson {
        assertThat(
                        single(
                                "{'a':1,'b':2,'x':0,'c':3}",
                                splice ->
                                        splice.remove("a")
                                                .put("b", true)
                                                .remove("c")
                                                .put("d", Bytes.utf8("[]"))))
                .isEqualTo("{'b':true,'x':0,'d':[]}");
        assertThat(
                        single(
                                "{'a':1,'b':2}",
                                splice ->
                                        splice.remove("a")
                                                .remove("b")
                                                .put("c", Bytes.utf8("3"))
                                                .put("d", 4)))
                .isEqualTo("{'c':3,'d':4}");
    }

    @Test
    void theLastEditOfAFieldHolds() throws NotJson {
        assertThat(single("{'a':1}", splice -> splice.put("a", 2).put("a", 3)))
                .isEqualTo("{'a':3}");
        assertThat(single("{'a':1}", splice -> splice.remove("a").put("a", 3)))
                .isEqualTo("{'a':3}");
        assertThat(single("{'a':1}", splice -> splice.put("a", 3).remove("a"))).isEqualTo("{}");
        assertThat(single("{}", splice -> splice.put("a", 2).put("b", 0).put("a", 3)))
                .isEqualTo("{'a':3,'b':0}");
        assertThat(single("{'x':0}", splice -> splice.put("a", 2).remove("a")))
                .isEqualTo("{'x':0}");
        assertThat(single("{}", splice -> splice.remove("a"))).isEqualTo("{}");
    }

    @Test
    void onlyGovernedFieldsCanBeSetAndOnlyToSomething() throws NotJson {
        var splice = Splice.of(scan(Bytes.utf8("{}")));

        assertThatThrownBy(() -> splice.put("user", "me")).hasMessageContaining("'user'");
        assertThatThrownBy(() -> splice.put("a", Bytes.EMPTY))
                .hasMessage("no bytes are no value for 'a'; remove it instead");
    }

    /// Single quotes read better than escaped double ones.
    private static String single(String body, UnaryOperator<Splice> edits) throws NotJson {
        return edited(body.replace('\'', '"'), edits).replace('"', '\'');
    }

    private static String edited(String body, UnaryOperator<Splice> edits) throws NotJson {
        var pieces = edits.apply(Splice.of(scan(Bytes.utf8(body)))).pieces();
        assertThat(pieces.joined().length()).isEqualTo((int) pieces.length());
        return pieces.joined().utf8();
    }

    private static Fields scan(Bytes body) throws NotJson {
        return Fields.scan(body, NAMES, Limits.DEFAULT);
    }
}
