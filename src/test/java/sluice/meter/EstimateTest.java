package sluice.meter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.call.Bytes;

class EstimateTest {
    private static final int PICTURE = 3_200;
    private static final String WORDS = "Which of these rows fell behind? \\\"North\\\", I think. ";

    private static String base64(int length) {
        var bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes).substring(0, length);
    }

    private static long estimate(String json) {
        return Estimate.ofInput(Bytes.utf8(json));
    }

    private static long asText(String json) {
        return Estimate.ofBytes(Bytes.utf8(json).length());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"url\":\"data:image/png;base64, | \"",
                "\"url\" : \"data:image/png;base64, | \"",
                "\"image_url\":  \"data:image/svg+xml;charset=utf-8;base64, | \"",
                "\"file_data\":\"data:application/pdf;base64, | \"",
                "\"type\":\"base64\",\"data\":\" | \"",
                "\"b64_json\":\"\\/ | \\/\"",
            })
    void aPictureCostsWhatAPictureCosts(String before, String after) {
        for (int length : new int[] {4_096, 5_000, 6_143, 100_000}) {
            for (int words : new int[] {0, 1, 57, 333, 1_000}) {
                var text = WORDS.repeat(words);
                var json =
                        "{\"text\":\"%s\",%s%s%s,\"more\":\"%s\"}"
                                .formatted(text, before, base64(length), after, WORDS.repeat(400));

                assertThat(estimate(json))
                        .isCloseTo(asText(json) - length / 3 + PICTURE, offset(40L));
            }
        }
    }

    @Test
    void everyPictureCounts() {
        var picture = "{\"image_url\":{\"url\":\"data:image/png;base64,%s\"}}";
        var json =
                "[%s,%s,%s]"
                        .formatted(
                                picture.formatted(base64(20_000)),
                                picture.formatted(base64(4_100)),
                                picture.formatted(base64(9_999)));

        assertThat(estimate(json)).isCloseTo(3 * PICTURE + 60, offset(60L));
    }

    /// What is not a picture is paid for by its length.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"text\":\"%s\"}",
                "{\"url\":\"https://example.com/%s\"}",
                "{\"list\":[\"data:image/png;base64,%s\"]}",
                "{\"text\":\"as in {\\\"data\\\":\\\"%s\\\"} or so\"}",
                "{\"metadata\":\"%s\"}",
                "{\"text\":\"data:image/png;base64,%s\"}",
            })
    void whatIsNoPictureCostsItsLength(String form) {
        for (var content : new String[] {base64(40_000), WORDS.repeat(900), "é".repeat(20_000)}) {
            var json = form.formatted(content);

            assertThat(estimate(json)).isEqualTo(asText(json));
        }
    }

    @Test
    void aSmallBodyIsNotLookedAt() {
        var json = "{\"data\":\"%s\"}".formatted(base64(5_000));

        assertThat(estimate(json)).isEqualTo(asText(json));
    }
}
