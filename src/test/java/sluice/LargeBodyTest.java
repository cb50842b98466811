package sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.simulator.Request;

/// Bodies around the size that is taken before anybody asked, and larger ones, whose arrays serve many calls.
class LargeBodyTest {
    private static final int CALLERS = 8;
    private static final int CALLS = 12;
    private static final String BEGINNING = "\"content\": \"";
    private static final String END = "\"}]}";

    @ParameterizedTest
    @ValueSource(ints = {60_000, 65_536, 100_000, 131_072, 1_000_000, 5_000_000})
    void aConnectionServesAgainAfterALargeBody(int size) {
        try (var gateway = TestGateway.start();
                var socket = gateway.connect()) {
            for (int i = 0; i < 3; i++) {
                var answer = socket.send(asking("a".repeat(size))).answer();

                assertThat(answer.status()).isIn(200, 400, 413);
                assertThat(answer.status()).isEqualTo(size < 4_000_000 ? 200 : answer.status());
            }
        }
    }

    /// Each caller says a letter of its own, more or less often.
    @ParameterizedTest
    @EnumSource(Carried.class)
    void aTargetGetsTheBytesOfOneCallerOnly(Carried carried) throws Exception {
        try (var gateway = TestGateway.planned().on(carried).start();
                var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            var calling = new ArrayList<Future<Long>>();
            for (int caller = 0; caller < CALLERS; caller++) {
                var letter = String.valueOf((char) ('a' + caller));
                var random = new Random(20_261_120 + caller);
                calling.add(callers.submit(() -> call(gateway, letter, random)));
            }
            long said = 0;
            for (var caller : calling) {
                said += caller.get();
            }
            var received =
                    gateway.partner().recording().requests("/v1/chat/completions").stream()
                            .map(LargeBodyTest::content)
                            .toList();

            assertThat(received).hasSize(CALLERS * CALLS);
            assertThat(received)
                    .allMatch(content -> content.chars().distinct().count() == 1, "one letter");
            assertThat(received.stream().mapToLong(String::length).sum()).isEqualTo(said);
        }
    }

    /// @return how many letters were said
    private static long call(TestGateway gateway, String letter, Random random) {
        long said = 0;
        try (var socket = gateway.connect()) {
            for (int call = 0; call < CALLS; call++) {
                int size = 20_000 + random.nextInt(random.nextBoolean() ? 100_000 : 900_000);
                var answer = socket.send(asking(letter.repeat(size))).answer();
                assertThat(answer.status()).isEqualTo(200);
                said += size;
            }
        }
        return said;
    }

    private static String asking(String content) {
        return TestGateway.post(
                "/v1/chat/completions",
                """
                {"model": "partner/sim-normal", "messages": [{"role": "user", "content": "%s"}]}\
                """
                        .formatted(content));
    }

    private static String content(Request request) {
        var body = request.text();
        assertThat(body).endsWith(END);
        return body.substring(
                body.indexOf(BEGINNING) + BEGINNING.length(), body.length() - END.length());
    }
}
