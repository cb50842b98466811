package sluice.upstream.databricks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.call.Bytes;
import sluice.json.NotJson;

/// Ids that model serving gives and does not take back.
class LongIdsTest {
    private static final String LONGEST = "x".repeat(64);

    @Test
    void onlyWhatIsTooLongIsCut() throws NotJson {
        var body =
                """
                {"model": "m", "input": [{"type": "message", "id": "%s"}, {"type": "function_call", "id": "%sy", "call_id": "%sz"}, "odd", 7], "store": 1.0}\
                """
                        .formatted(LONGEST, LONGEST, LONGEST);

        assertThat(cut(body))
                .isEqualTo(
                        """
                        {"model": "m", "input": [{"type": "message", "id": "%s"},{"type": "function_call", "id": "%s", "call_id": "%sz"},"odd",7], "store": 1.0}\
                        """
                                .formatted(LONGEST, LONGEST, LONGEST));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"input\": \"a text\", \"id\": 5}",
                "{\"input\": [ {\"id\": null} , {\"id\": \"short\"} , [] ]}",
                "{\"model\": \"m\"}",
            })
    void whereNothingIsTooLongTheBytesStay(String body) throws NotJson {
        assertThat(cut(body)).isEqualTo(body);
    }

    private static String cut(String body) throws NotJson {
        return LongIds.cut(Bytes.utf8(body)).joined().utf8();
    }
}
