package sluice.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The headers of facts/llm-protocols.md section 8, and whatever else a target may send in their place.
class QuotaTest {
    private static final Instant NOW = Instant.parse("2026-07-01T12:00:00Z");

    private static @Nullable Quota of(Map<String, String> headers) {
        return Quota.of(headers::get, NOW);
    }

    @Test
    void theTightestLimitCounts() {
        var quota =
                of(
                        Map.of(
                                "x-ratelimit-limit-requests", "100",
                                "x-ratelimit-remaining-requests", "90",
                                "x-ratelimit-limit-tokens", "1000",
                                "x-ratelimit-remaining-tokens", "50",
                                "x-ratelimit-reset-tokens", "6m0s",
                                "anthropic-ratelimit-output-tokens-limit", "10",
                                "anthropic-ratelimit-output-tokens-remaining", "9"));
        assertThat(quota).isEqualTo(new Quota(0.05, Duration.ofMinutes(6)));
    }

    @ParameterizedTest
    @CsvSource({
        "1s, 1000",
        "250ms, 250",
        "1m30s, 90000",
        "12, 12000",
        "1.5, 1500",
        "2026-07-01T12:00:07Z, 7000",
    })
    void aResetHasManyForms(String text, long millis) {
        var quota =
                of(
                        Map.of(
                                "anthropic-ratelimit-requests-limit", "2",
                                "anthropic-ratelimit-requests-remaining", "1",
                                "anthropic-ratelimit-requests-reset", text));
        assertThat(quota).isEqualTo(new Quota(0.5, Duration.ofMillis(millis)));
    }

    @ParameterizedTest
    @CsvSource({"0, 5", "-3, 1", "10, -1", "ten, 1", "10, many", "1e3, 1", "'', 1"})
    void nonsenseIsNoQuota(String limit, String remaining) {
        assertThat(
                        of(
                                Map.of(
                                        "x-ratelimit-limit-requests", limit,
                                        "x-ratelimit-remaining-requests", remaining)))
                .isNull();
        assertThat(of(Map.of("x-ratelimit-remaining-requests", "1"))).isNull();
    }

    /// Whatever stands there: nothing is thrown, and a share is a share.
    @Test
    void garbageDoesNoHarm() {
        var chance = new Random(20_261_127);
        for (int round = 0; round < 20_000; round++) {
            var headers = new HashMap<String, String>();
            for (var name :
                    new String[] {
                        "x-ratelimit-limit-tokens",
                        "x-ratelimit-remaining-tokens",
                        "x-ratelimit-reset-tokens",
                        "anthropic-ratelimit-tokens-limit",
                        "anthropic-ratelimit-tokens-remaining",
                        "anthropic-ratelimit-tokens-reset"
                    }) {
                headers.put(name, garbage(chance));
            }
            var quota = of(headers);
            if (quota != null) {
                assertThat(quota.left()).isBetween(0.0, 1.0);
                var resets = quota.resetsIn();
                if (resets != null) {
                    assertThat(resets).isBetween(Duration.ZERO, Duration.ofDays(1));
                }
            }
        }
    }

    private static String garbage(Random chance) {
        var pieces = "0123456789.-msh TZ:e+dx\u00e9";
        var text = new StringBuilder();
        for (int i = chance.nextInt(12); i > 0; i--) {
            text.append(pieces.charAt(chance.nextInt(pieces.length())));
        }
        return text.toString();
    }
}
