package sluice.upstream.databricks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RequestTagsTest {
    @Test
    void tagsAreAnObjectOfStringsInAscii() {
        assertThat(
                        RequestTags.of(
                                Map.of("key", "notebooks", "team", "Données \"α\"\n", "user", "")))
                .contains(
                        "{\"key\":\"notebooks\",\"team\":\"Donn\\u00e9es"
                                + " \\\"\\u03b1\\\"\\u000a\"}");
    }

    @Test
    void noTagsAreNoHeader() {
        assertThat(RequestTags.of(Map.of())).isEmpty();
        assertThat(RequestTags.of(Map.of("user", ""))).isEmpty();
    }

    @Test
    void tagsAreBounded() {
        var tags = new HashMap<String, String>();
        for (int i = 0; i < 1_000; i++) {
            tags.put("tag".repeat(100) + i, "😀".repeat(1_000));
        }

        var header = RequestTags.of(tags).orElseThrow();

        assertThat(header).hasSizeLessThan(32 * 1024).matches("[ -~]+");
        assertThat(RequestTags.of(Map.of("k", "v".repeat(255) + "😀")).orElseThrow())
                .isEqualTo("{\"k\":\"" + "v".repeat(255) + "\"}");
    }
}
