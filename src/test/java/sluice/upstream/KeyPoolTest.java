package sluice.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import sluice.call.Bytes;
import sluice.call.CallFailed;
import sluice.call.Dialect;
import sluice.call.Dropped;
import sluice.call.Failure;
import sluice.call.ModelPatterns;
import sluice.call.Principal;
import sluice.call.RequestType;
import sluice.json.Limits;
import sluice.json.NotJson;
import sluice.loop.Strand;
import sluice.protocol.ModelRequest;
import sluice.protocol.WholeReply;

/// Which credential of a target is used, and what happens when it is refused.
class KeyPoolTest {
    private static final Failure.RateLimited BUSY =
            new Failure.RateLimited("t", "busy", null, Duration.ofSeconds(30));

    private final Random chance = new Random(20_261_127);
    private final List<String> refused = new ArrayList<>();
    private long now;

    /// A target as one credential sees it.
    private static final class Place implements Upstream {
        private final String name;
        private @Nullable Failure failure;
        private int asked;

        Place(String name) {
            this.name = name;
        }

        @Override
        public String id() {
            return "t";
        }

        @Override
        public boolean speaks(Dialect dialect, String model) {
            return true;
        }

        @Override
        public boolean allows(RequestType type) {
            return true;
        }

        @Override
        public Reply send(Strand strand, Question question) {
            asked++;
            var failed = failure;
            if (failed != null) {
                throw failed.asException();
            }
            return new Reply.Whole(new WholeReply(Bytes.utf8(name), null, false), () -> null);
        }

        @Override
        public Supplier<List<String>> models(Strand strand) {
            var failed = failure;
            if (failed != null) {
                throw failed.asException();
            }
            return () -> List.of("shared", "of-" + name);
        }

        @Override
        public void probe(Strand strand, String path) {
            models(strand);
        }

        @Override
        public void retire(Duration patience) {}
    }

    private final Map<String, Place> places = new HashMap<>();

    private KeyPool pool(String... namesWithWeights) {
        var credentials = new ArrayList<KeyPool.Credential>();
        for (var each : namesWithWeights) {
            var parts = each.split(":", -1);
            var place = new Place(parts[0]);
            places.put(parts[0], place);
            credentials.add(
                    new KeyPool.Credential(
                            parts[0],
                            place,
                            Integer.parseInt(parts[1]),
                            new ModelPatterns(List.of(parts.length > 2 ? parts[2] : "*"))));
        }
        return new KeyPool(credentials, () -> now, chance::nextDouble);
    }

    private Question question(Dialect dialect, String model, String caller) {
        try {
            var body =
                    dialect == Dialect.RESPONSES
                            ? "{\"model\":\"m\",\"input\":\"hi\"}"
                            : "{\"model\":\"m\",\"messages\":[]}";
            return new Question(
                    ModelRequest.read(dialect, Bytes.utf8(body), Limits.DEFAULT),
                    model,
                    Principal.key(caller, ModelPatterns.NOTHING),
                    null,
                    Map.of(),
                    new Dropped(),
                    Patience.NONE,
                    Overrides.NONE,
                    false,
                    (id, failure) -> refused.add(id));
        } catch (NotJson broken) {
            throw new AssertionError(broken);
        }
    }

    private String send(KeyPool pool, Question question) {
        return ((Reply.Whole) pool.send(strand(), question)).document().body().utf8();
    }

    /// No place of these waits.
    @SuppressWarnings("NullAway")
    private static Strand strand() {
        return null;
    }

    private Failure failure(KeyPool pool, Question question) {
        try {
            send(pool, question);
        } catch (CallFailed failed) {
            return failed.failure();
        }
        throw new AssertionError("it answered");
    }

    private Place place(String name) {
        var place = places.get(name);
        if (place == null) {
            throw new AssertionError(name);
        }
        return place;
    }

    private Question chat() {
        return question(Dialect.CHAT, "m", "caller");
    }

    @Test
    void callsAreSharedByWeight() {
        var pool = pool("a:3", "b:1");
        for (int i = 0; i < 40_000; i++) {
            send(pool, chat());
        }
        assertThat(place("a").asked / 400.0).isCloseTo(75, within(1.0));
    }

    @Test
    void oneThatIsRefusedIsFollowedByTheNextAndRests() {
        var pool = pool("a:1000000", "b:1");
        place("a").failure = new Failure.CredentialRefused("t", 401);
        assertThat(send(pool, chat())).isEqualTo("b");
        assertThat(refused).containsExactly("a");

        assertThat(send(pool, chat())).isEqualTo("b");
        assertThat(place("a").asked).as("it rests").isOne();
        now += Duration.ofSeconds(61).toNanos();
        place("a").failure = null;
        assertThat(send(pool, chat())).as("and is used again").isEqualTo("a");
    }

    @Test
    void aBusyOneRestsForAsLongAsItWasTold() {
        var pool = pool("a:1000000", "b:1");
        place("a").failure = BUSY;
        send(pool, chat());
        place("a").failure = null;
        now += Duration.ofSeconds(29).toNanos();
        assertThat(send(pool, chat())).isEqualTo("b");
        now += Duration.ofSeconds(2).toNanos();
        assertThat(send(pool, chat())).isEqualTo("a");
    }

    @Test
    void whenAllAreBusyTheSoonestIsTold() {
        var pool = pool("a:1", "b:1", "c:1");
        place("a").failure = new Failure.CredentialRefused("t", 401);
        place("b").failure = BUSY;
        place("c").failure = new Failure.RateLimited("t", "busy", null, Duration.ofSeconds(3));

        assertThat(failure(pool, chat())).isEqualTo(place("c").failure);
        assertThat(refused).hasSize(2);
        assertThat(List.of(place("a").asked, place("b").asked, place("c").asked)).containsOnly(1);
        assertThat(failure(pool, chat())).as("resting, and still asked").isNotNull();
        assertThat(place("a").asked).isEqualTo(2);
    }

    @Test
    void anotherCredentialDoesNotHelpASickTarget() {
        var pool = pool("a:1", "b:1");
        for (var each : places.values()) {
            each.failure = new Failure.Faulted("t", 500, "no");
        }
        failure(pool, chat());
        assertThat(place("a").asked + place("b").asked).isOne();
        assertThat(refused).isEmpty();
    }

    @Test
    void aCredentialIsForItsModelsAlone() {
        var pool = pool("a:1:gpt-*", "b:1:claude-*");
        for (int i = 0; i < 50; i++) {
            assertThat(send(pool, question(Dialect.CHAT, "claude-x", "c"))).isEqualTo("b");
        }
        assertThat(failure(pool, question(Dialect.CHAT, "llama", "c")).message())
                .contains("None of the credentials", "'llama'");
    }

    /// Encrypted reasoning can be read by the credential alone that it was made for.
    @Test
    void responsesOfOneCallerKeepToOneCredential() {
        var pool = pool("a:1", "b:1", "c:2");
        var homes = new HashMap<String, Integer>();
        for (int caller = 0; caller < 4_000; caller++) {
            var seen = new HashSet<String>();
            for (int turn = 0; turn < 3; turn++) {
                seen.add(send(pool, question(Dialect.RESPONSES, "m", "caller-" + caller)));
            }
            assertThat(seen).hasSize(1);
            homes.merge(seen.iterator().next(), 1, Integer::sum);
        }
        assertThat(homes.getOrDefault("c", 0) / 40.0).isCloseTo(50, within(3.0));
        assertThat(homes.getOrDefault("a", 0) / 40.0).isCloseTo(25, within(3.0));
    }

    @Test
    void itServesWhatAnyOfThemServes() {
        var pool = pool("a:1", "b:1");
        assertThat(pool.models(strand()).get()).containsExactly("shared", "of-a", "of-b");
        place("a").failure = BUSY;
        assertThat(pool.models(strand()).get()).containsExactly("shared", "of-b");
        pool.probe(strand(), "/");
        place("b").failure = BUSY;
        assertThatThrownBy(() -> pool.models(strand())).isInstanceOf(CallFailed.class);
        assertThatThrownBy(() -> pool.probe(strand(), "/")).isInstanceOf(CallFailed.class);
    }
}
