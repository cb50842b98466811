package sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.TestGateway.chat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/// On which threads calls run. A call reads the gateway's clock, which here looks at who is asking; discovery, which
/// does too, is over when the gateway has started.
class CarrierTest {
    @Test
    void aCallRunsOnTheEventLoopOfItsConnection() {
        assertThat(Carried.BY_ITS_LOOP.carrier().carriesOnLoop())
                .as("the build opens java.lang")
                .isTrue();
        assertThat(threadsOf(Carried.BY_ITS_LOOP))
                .allMatch(name -> name.startsWith("VirtualThread"))
                .allMatch(name -> name.contains("@vert.x-eventloop-thread-"));
    }

    @Test
    void withoutTheDoorItRunsOnTheSchedulerOfTheJdk() {
        assertThat(Carried.BY_THE_JDK.carrier().carriesOnLoop()).isFalse();
        assertThat(threadsOf(Carried.BY_THE_JDK))
                .allMatch(name -> name.startsWith("VirtualThread"))
                .allMatch(name -> name.contains("@ForkJoinPool-"));
    }

    private static Set<String> threadsOf(Carried carried) {
        var clock = new Onlooker();
        try (var gateway = TestGateway.planned().on(carried).withClock(clock).start()) {
            clock.seen.clear(); // discovery read the clock too, on a thread of its own
            for (int i = 0; i < 4; i++) {
                var answer = gateway.ask(chat("partner/gpt-5-2", i % 2 == 0));
                assertThat(answer.status()).isEqualTo(200);
            }
        }
        assertThat(clock.seen).isNotEmpty();
        return clock.seen;
    }

    private static final class Onlooker extends Clock {
        private final Set<String> seen = ConcurrentHashMap.newKeySet();

        @Override
        public ZoneId getZone() {
            return ZoneId.of("UTC");
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            seen.add(Thread.currentThread().toString());
            return Instant.EPOCH;
        }
    }
}
