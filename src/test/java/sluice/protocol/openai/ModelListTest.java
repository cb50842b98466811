package sluice.protocol.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.call.Bytes;
import sluice.json.NotJson;
import tools.jackson.databind.json.JsonMapper;

class ModelListTest {
    private static final JsonMapper JSON = new JsonMapper();

    @Test
    void theIdsOfAListAreRead() throws NotJson {
        assertThat(
                        ids(
                                """
                                {"object": "list", "data": [
                                  {"id": "gpt-4.1", "object": "model"},
                                  {"object": "model", "id": "a\\/b \\u00e9"}]}
                                """))
                .containsExactly("gpt-4.1", "a/b é");
    }

    @Test
    void rowsWithoutAnIdArePassedOver() throws NotJson {
        assertThat(
                        ids(
                                "{\"data\":[null,7,\"x\",[],{},{\"id\":null},{\"id\":7},{\"id\":\"\"},{\"id\":\"a\\nb\"},{\"id\":\""
                                        + "m".repeat(600)
                                        + "\"},{\"id\":\"good\"}]}"))
                .containsExactly("good");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"data\":null}", "{\"data\":{}}", "{\"data\":[]}"})
    void aListOfNothingIsEmpty(String document) throws NotJson {
        assertThat(ids(document)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "<html>", "{\"data\":[}"})
    void whatIsNoDocumentIsRefused(String document) {
        assertThatThrownBy(() -> ids(document)).isInstanceOf(NotJson.class);
    }

    @Test
    void aListHasABound() throws NotJson {
        var rows = "{\"id\":\"m\"},".repeat(10_001);

        assertThat(ids("{\"data\":[" + rows + "{}]}")).hasSize(10_000);
    }

    @Test
    void aListIsPrintedForBothFamiliesOfClients() {
        var printed =
                JSON.readTree(
                        ModelList.print(
                                        List.of(
                                                new ModelList.Row("t/\"a\"", "t"),
                                                new ModelList.Row("t/b", "t")),
                                        false)
                                .copy());

        assertThat(printed.at("/object").asString()).isEqualTo("list");
        assertThat(printed.at("/first_id").asString()).isEqualTo("t/\"a\"");
        assertThat(printed.at("/last_id").asString()).isEqualTo("t/b");
        assertThat(printed.at("/has_more").asBoolean()).isFalse();
        assertThat(printed.at("/data/1/id").asString()).isEqualTo("t/b");
        assertThat(printed.at("/data/1/object").asString()).isEqualTo("model");
        assertThat(printed.at("/data/1/type").asString()).isEqualTo("model");
        assertThat(printed.at("/data/1/owned_by").asString()).isEqualTo("t");
        assertThat(printed.at("/data/1/created").isIntegralNumber()).isTrue();
    }

    @Test
    void anEmptyListHasNoFirstModel() {
        var printed = JSON.readTree(ModelList.print(List.of(), false).copy());

        assertThat(printed.at("/first_id").isNull()).isTrue();
        assertThat(printed.at("/data")).isEmpty();
    }

    private static List<String> ids(String document) throws NotJson {
        return ModelList.ids(Bytes.utf8(document));
    }
}
