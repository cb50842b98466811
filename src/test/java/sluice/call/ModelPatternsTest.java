package sluice.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelPatternsTest {
    private static final long SEED = Long.getLong("chance.seed", 20_261_120);

    @ParameterizedTest
    @CsvSource({
        "*, t, m, true",
        "t/*, t, m, true",
        "t/*, t, a/b, true",
        "t/*, tt, m, false",
        "m, t, m, true",
        "m, t, mm, false",
        "m*, t, mm, true",
        "*m, t, mm, true",
        "*/m, t, a/m, true",
        "T/m, t, m, false",
        "t/m, t, m, true",
        "m, t, a/m, false",
        "'', t, m, false",
        "t, t, m, false",
        "., t, m, false",
    })
    void aPatternPermits(String pattern, String target, String model, boolean permits) {
        assertThat(patterns(pattern).permit(new ModelName(target, model))).isEqualTo(permits);
    }

    @Test
    void noPatternPermitsNothing() {
        assertThat(ModelPatterns.NOTHING.permit(new ModelName("t", "m"))).isFalse();
    }

    @Test
    void anyPatternOfSeveralIsEnough() {
        assertThat(patterns("a", "b*", "t/x").permit(new ModelName("t", "x"))).isTrue();
    }

    @Test
    void patternsMeanWhatARegularExpressionSays() {
        for (int round = 0; round < 20_000; round++) {
            var random = new Random(SEED + round);
            var pattern = text(random, "ab*/.", 8);
            var name = new ModelName(text(random, "ab.", 3) + "t", text(random, "ab/.", 8) + "m");
            var text = pattern.indexOf('/') < 0 ? name.model() : name.toString();
            boolean expected =
                    Pattern.compile(
                                    Arrays.stream(pattern.split("\\*", -1))
                                            .map(Pattern::quote)
                                            .collect(Collectors.joining(".*")))
                            .matcher(text)
                            .matches();

            assertThat(patterns(pattern).permit(name))
                    .as("seed %d: %s on %s", SEED + round, pattern, name)
                    .isEqualTo(expected);
        }
    }

    @Test
    void aPatternOfStarsIsNotExponential() {
        var hostile = patterns("*a".repeat(120) + "b");
        var name = new ModelName("t", "a".repeat(2_000));

        assertThat(assertTimeoutPreemptively(Duration.ofSeconds(5), () -> hostile.permit(name)))
                .isFalse();
    }

    private static String text(Random random, String of, int longest) {
        return random.ints(random.nextInt(longest + 1), 0, of.length())
                .mapToObj(i -> of.substring(i, i + 1))
                .collect(Collectors.joining());
    }

    private static ModelPatterns patterns(String... patterns) {
        return new ModelPatterns(List.of(patterns));
    }
}
