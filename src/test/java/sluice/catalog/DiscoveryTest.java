package sluice.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Discovery with targets that take longer than anybody waits.
class DiscoveryTest {
    private static final Duration LONG = Duration.ofDays(1);

    private final CountDownLatch spoken = new CountDownLatch(1);

    /// {@code silent} lists its models when the test lets it.
    private List<String> models(String target) {
        try {
            return target.equals("silent") && !spoken.await(20, TimeUnit.SECONDS)
                    ? List.of()
                    : List.of("m");
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
    }

    private Discovery discovery(Duration firstRound, Runnable changed) {
        return Discovery.start(
                List.of("silent", "talking"), Map.of(), this::models, changed, firstRound, LONG);
    }

    @Test
    void aSilentTargetHoldsBackNoOther() throws Exception {
        var changed = new CountDownLatch(1);
        try (var discovery = discovery(LONG, changed::countDown)) {
            assertThat(changed.await(10, TimeUnit.SECONDS)).isTrue();

            assertThat(discovery.found("talking")).containsExactly("m");
            assertThat(discovery.isFirstRoundOver()).isFalse();

            spoken.countDown();
            assertThat(discovery.awaitFirstRound(Duration.ofSeconds(10))).isTrue();
            assertThat(discovery.isFirstRoundOver()).isTrue();
            assertThat(discovery.isLate()).isFalse();
            assertThat(discovery.found("silent")).containsExactly("m");
        }
    }

    /// A caller may ask for a model that was made a moment ago; asking for what does not exist must not make us ask for
    /// ever.
    @Test
    void theTargetsAreAskedAgainWhenSomebodyMissesAModelAndNotTooOften() throws Exception {
        var asked = new Semaphore(0);
        try (var discovery =
                Discovery.start(
                        List.of("talking"),
                        Map.of(),
                        _ -> {
                            asked.release();
                            return List.of("m");
                        },
                        () -> {},
                        LONG,
                        LONG)) {
            assertThat(asked.tryAcquire(10, TimeUnit.SECONDS)).as("the first round").isTrue();
            discovery.awaitFirstRound(Duration.ofSeconds(10));

            discovery.askAgain();
            assertThat(asked.tryAcquire(10, TimeUnit.SECONDS)).as("once more").isTrue();

            assertThat(discovery.askAgain()).as("a moment later").isFalse();
        }
    }

    @Test
    void theFirstRoundLastsNoLongerThanItMay() {
        try (var discovery = discovery(Duration.ZERO, () -> {})) {
            assertThat(discovery.isFirstRoundOver()).isTrue();
            assertThat(discovery.isLate()).isTrue();
            spoken.countDown();
        }
    }
}
