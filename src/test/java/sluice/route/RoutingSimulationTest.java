package sluice.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.call.Failure;
import sluice.call.Grant;
import sluice.call.ModelName;
import sluice.call.VirtualName;
import sluice.route.Bed.Outcome;
import sluice.route.Bed.Traveller;
import sluice.upstream.Overrides;
import sluice.upstream.Quota;

/// The rules of design section 8 as numbers, each with a seed.
class RoutingSimulationTest {
    private static final Duration FAST = Duration.ofMillis(100);
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private static Sticky sticky(Duration ttl) {
        return new Sticky(ttl, List.of(new Sticky.Identifier.Header("x-session")));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void sharesFollowTheWeights(long seed) {
        var bed = new Bed(seed);
        var most = bed.weighted("a", 80);
        var rest = bed.weighted("b", 20);

        bed.traffic(100_000, Duration.ofMinutes(10));
        bed.run();

        assertThat(most.asked / 1_000.0).isCloseTo(80, within(0.5));
        assertThat(rest.asked / 1_000.0).isCloseTo(20, within(0.5));
    }

    @Test
    void aWeightOfNothingIsUsedWhenNothingElseIsLeft() {
        var bed = new Bed(4);
        var usual = bed.weighted("a", 1);
        var spare = bed.weighted("b", 0);
        bed.traffic(1_000, Duration.ofSeconds(10));
        bed.run();
        assertThat(spare.asked).isZero();

        usual.behaviour = _ -> Outcome.bad(Bed.faulted("a"));
        var calls = bed.traffic(1_000, Duration.ofSeconds(10));
        bed.run();
        assertThat(calls).allMatch(call -> call.failure == null && call.last().equals("b"));
    }

    @Test
    void aSessionStaysAndSessionsFollowTheWeights() {
        var bed = new Bed(5).strategy(new Strategy.Weight(sticky(Duration.ofHours(1))));
        bed.weighted("a", 80);
        bed.weighted("b", 20);
        var calls = new HashMap<Integer, List<Traveller>>();
        for (int session = 0; session < 20_000; session++) {
            for (int turn = 0; turn < 3; turn++) {
                var call = bed.call(Duration.ofSeconds(turn), Bed.session("s" + session));
                calls.computeIfAbsent(session, _ -> new ArrayList<>()).add(call);
            }
        }
        bed.run();

        assertThat(calls.values())
                .allMatch(turns -> turns.stream().map(Traveller::last).distinct().count() == 1);
        long first = calls.values().stream().filter(t -> t.getFirst().last().equals("a")).count();
        assertThat(first / 200.0).isCloseTo(80, within(0.9));
    }

    @Test
    void withoutItsKeyASessionIsNone() {
        var bed = new Bed(6).strategy(new Strategy.Weight(sticky(Duration.ofHours(1))));
        var most = bed.weighted("a", 80);
        bed.weighted("b", 20);
        bed.traffic(100_000, Duration.ofMinutes(10));
        bed.run();

        assertThat(most.asked / 1_000.0).isCloseTo(80, within(0.5));
    }

    @Test
    void aSessionThatHadToMoveStaysAndGoesHomeInTheEnd() {
        var ttl = Duration.ofMinutes(30);
        var bed = new Bed(7).strategy(new Strategy.Weight(sticky(ttl)));
        var a = bed.weighted("a", 1);
        var b = bed.weighted("b", 1);
        var home = bed.call(Duration.ZERO, Bed.session("s"));
        bed.run();
        var failing = home.last().equals("a") ? a : b;
        var other = home.last().equals("a") ? "b" : "a";

        failing.behaviour = _ -> Outcome.bad(Bed.faulted(home.last()));
        var moved = bed.call(Duration.ZERO, Bed.session("s"));
        bed.run();
        assertThat(moved.last()).isEqualTo(other);

        failing.behaviour = _ -> Outcome.good(FAST);
        bed.run(Duration.ofMinutes(10)); // the failures are forgotten by now
        var later = bed.call(Duration.ZERO, Bed.session("s"));
        bed.run();
        assertThat(later.last()).isEqualTo(other);

        bed.run(ttl);
        var atLast = bed.call(Duration.ZERO, Bed.session("s"));
        bed.run();
        assertThat(atLast.last()).isEqualTo(home.last());
    }

    @Test
    void prioritiesAreKeptAndSharedOnesShare() {
        var bed = new Bed(8).strategy(new Strategy.Priority());
        var first = bed.prior("a", 0, null);
        var twin = bed.prior("b", 0, null);
        var last = bed.prior("c", 1, null);
        bed.traffic(10_000, Duration.ofMinutes(1));
        bed.run();

        assertThat(first.asked / 100.0).isCloseTo(50, within(2.0));
        assertThat(twin.asked).isEqualTo(10_000 - first.asked);
        assertThat(last.asked).isZero();
    }

    /// Slower than its cutoff it goes behind, and comes back when three minutes have forgotten it.
    @Test
    void aCutoffSendsCallsElsewhereAndLetsThemBack() {
        var sla = new Sla(Duration.ofMillis(10).toNanos(), 0);
        var bed = new Bed(9).strategy(new Strategy.Priority());
        var preferred = bed.prior("a", 0, sla);
        var spare = bed.prior("b", 1, null);
        bed.traffic(600, Duration.ofMinutes(1));
        bed.run(Duration.ofMinutes(1));
        assertThat(spare.asked).isZero();

        preferred.behaviour = _ -> Outcome.good(Duration.ofSeconds(3)); // 30 ms a token
        bed.traffic(600, Duration.ofMinutes(1));
        bed.run(Duration.ofMinutes(1));
        assertThat(preferred.asked).as("until the mean has risen").isLessThan(600 + 350);

        preferred.behaviour = _ -> Outcome.good(FAST);
        int before = preferred.asked;
        bed.traffic(600, Duration.ofMinutes(1));
        bed.run(Duration.ofMinutes(1));
        assertThat(preferred.asked).as("still remembered as slow").isEqualTo(before);

        bed.run(Duration.ofMinutes(4));
        int asked = spare.asked;
        bed.traffic(600, Duration.ofMinutes(1));
        bed.run(Duration.ofMinutes(1));
        assertThat(spare.asked).as("forgiven").isEqualTo(asked);
    }

    @Test
    void theFirstTokenHasACutoffToo() {
        var sla = new Sla(0, Duration.ofMillis(50).toNanos());
        var bed = new Bed(10).strategy(new Strategy.Priority());
        var preferred = bed.prior("a", 0, sla);
        bed.prior("b", 1, null);
        preferred.behaviour = _ -> Outcome.good(Duration.ofSeconds(1)); // 100 ms to the first
        var calls = bed.traffic(100, Duration.ofMinutes(1));
        bed.run();

        assertThat(calls.getLast().last()).isEqualTo("b");
        assertThat(preferred.asked).isLessThan(5);
    }

    /// 10.0 and 11.9 ms a token are equal, 12.5 is not.
    @Test
    void theFastestShareWhatLiesWithinTheBand() {
        var bed = new Bed(11).strategy(new Strategy.Latency());
        var fastest = bed.weighted("a", 1);
        var close = bed.weighted("b", 1);
        var far = bed.weighted("c", 1);
        fastest.behaviour = _ -> Outcome.good(Duration.ofSeconds(1));
        close.behaviour = _ -> Outcome.good(Duration.ofMillis(1_190));
        far.behaviour = _ -> Outcome.good(Duration.ofMillis(1_250));
        bed.traffic(60, Duration.ofMinutes(2));
        bed.run();
        int warm = far.asked;

        var calls = bed.traffic(10_000, Duration.ofMinutes(18));
        bed.run();

        assertThat(far.asked - warm).as("its samples are enough").isZero();
        long first = calls.stream().filter(call -> call.last().equals("a")).count();
        assertThat(first / 100.0).isCloseTo(50, within(2.0));
    }

    @Test
    void aNewcomerIsTriedBesideTheFastest() {
        var bed = new Bed(12).strategy(new Strategy.Latency());
        var known = bed.weighted("a", 1);
        var slow = bed.weighted("b", 1);
        slow.behaviour = _ -> Outcome.good(Duration.ofSeconds(60));
        bed.traffic(600, Duration.ofMinutes(1));
        bed.run();

        assertThat(known.asked).as("never starved by one that nobody knows").isGreaterThan(250);
        int tried = slow.asked;
        bed.traffic(600, Duration.ofMinutes(1));
        bed.run();
        assertThat(slow.asked).isEqualTo(tried);
    }

    /// The number: of 10,000 calls none fails, and the extra ones stay within a tenth.
    @ParameterizedTest
    @ValueSource(longs = {13, 14, 15})
    void oneOfTwoMayFailEveryCall(long seed) {
        var bed = new Bed(seed);
        var failing = bed.weighted("a", 50);
        var well = bed.weighted("b", 50);
        failing.behaviour = _ -> Outcome.bad(Bed.faulted("a"));
        var calls = bed.traffic(10_000, Duration.ofMinutes(10));
        bed.run();

        assertThat(calls).allMatch(call -> call.failure == null);
        assertThat(well.asked).isEqualTo(10_000);
        assertThat(failing.asked + well.asked).isLessThanOrEqualTo(11_000);
        // Marked after two failures; tried again each time two minutes have passed.
        assertThat(failing.asked).isLessThan(60);
    }

    @Test
    void anUnhealthyTargetComesBackByItself() {
        var bed = new Bed(16);
        var a = bed.weighted("a", 50);
        bed.weighted("b", 50);
        a.behaviour =
                at ->
                        at < Duration.ofMinutes(5).toNanos()
                                ? Outcome.bad(Bed.faulted("a"))
                                : Outcome.good(FAST);
        var calls = bed.traffic(12_000, Duration.ofMinutes(20));
        bed.run();

        assertThat(calls).allMatch(call -> call.failure == null);
        long after = a.askedAt.stream().filter(at -> at > Duration.ofMinutes(8).toNanos()).count();
        assertThat(after / 72.0).as("half of the traffic again").isCloseTo(50, within(3.0));
    }

    @Test
    void theOnlyTargetGetsEveryCallHoweverItIs() {
        var bed = new Bed(17);
        var only = bed.weighted("a", 1);
        only.behaviour = _ -> Outcome.bad(Bed.faulted("a"));
        var calls = bed.traffic(200, Duration.ofMinutes(10));
        bed.run();

        assertThat(calls).allMatch(call -> call.failure instanceof Failure.Faulted);
        assertThat(only.asked).as("two retries each").isEqualTo(600);
    }

    /// A tenth of its calls and three a second: 100 calls a second for a minute make at most 18 retries a second.
    @Test
    void aSickTargetIsNotStormed() {
        var bed = new Bed(18);
        var only = bed.weighted("a", 1);
        only.behaviour = _ -> Outcome.bad(Bed.faulted("a"));
        bed.traffic(6_000, Duration.ofMinutes(1));
        bed.run();

        int retries = only.asked - 6_000;
        assertThat(retries).isLessThanOrEqualTo(6_000 / 10 + 3 * 60 + 30).isGreaterThan(600);
        for (int from = 0; from < 50; from += 10) {
            long begin = Duration.ofSeconds(from).toNanos();
            long end = Duration.ofSeconds(from + 10L).toNanos();
            long asked = only.askedAt.stream().filter(at -> at >= begin && at < end).count();
            assertThat(asked).as("from second " + from).isLessThanOrEqualTo(1_000 + 100 + 30);
        }
    }

    @Test
    void whenAllFailTheLastErrorComesWithinTheTime() {
        var patience = Duration.ofSeconds(2);
        var bed = new Bed(19).strategy(new Strategy.Priority()).patience(patience);
        for (int i = 0; i < 5; i++) {
            var id = "t" + i;
            bed.prior(id, i, null).behaviour =
                    _ -> new Outcome(Bed.faulted(id), Duration.ofMillis(180), null);
        }
        var calls = bed.traffic(100, Duration.ofSeconds(10));
        bed.run();

        for (var call : calls) {
            assertThat(call.failure).isNotNull();
            assertThat(call.took()).isLessThanOrEqualTo(patience);
            assertThat(call.failure).isInstanceOfAny(Failure.Faulted.class, Failure.TimedOut.class);
        }
        assertThat(calls.getFirst().went).startsWith("t0", "t0", "t0");
        assertThat(calls.getLast().went.stream().distinct()).hasSizeGreaterThan(2);
    }

    /// Half an hour in which targets fail by turns, each in its own way, and one at least is well.
    @ParameterizedTest
    @ValueSource(longs = {20, 21, 22, 23, 24, 25, 26, 27, 28, 29})
    void halfAnHourOfOutagesCostsNoCallerAnything(long seed) {
        var bed = new Bed(seed);
        var ids = List.of("a", "b", "c");
        var down = new boolean[ids.size()][31];
        var wellIn = new int[31];
        for (int minute = 0; minute < 31; minute++) {
            wellIn[minute] = bed.random().nextInt(ids.size());
            for (int i = 0; i < ids.size(); i++) {
                down[i][minute] = i != wellIn[minute] && bed.random().nextInt(100) < 60;
            }
        }
        for (int i = 0; i < ids.size(); i++) {
            var id = ids.get(i);
            int place = i;
            bed.weighted(id, 1 + bed.random().nextInt(3)).behaviour =
                    at -> {
                        int minute = (int) (at / MINUTE);
                        // Who was well stays so for as long as a call of the last minute may
                        // travel.
                        boolean stays =
                                minute > 0
                                        && wellIn[minute - 1] == place
                                        && at % MINUTE < MINUTE / 3;
                        return down[place][minute] && !stays ? fault(id, bed) : Outcome.good(FAST);
                    };
        }
        var calls = bed.traffic(18_000, Duration.ofMinutes(30));
        bed.run();

        // A call that begins in one minute may meet the next one's outage; one target is well in
        // each.
        assertThat(calls.stream().filter(call -> call.failure != null)).isEmpty();
        int upstream = ids.stream().mapToInt(id -> bed.place(id).asked).sum();
        assertThat(upstream).as("extra calls").isLessThan(18_000 * 11 / 10);
    }

    private static Outcome fault(String id, Bed bed) {
        return switch (bed.random().nextInt(5)) {
            case 0 -> Outcome.bad(Bed.faulted(id));
            case 1 -> Outcome.bad(new Failure.Unreachable(id, "refused"));
            case 2 -> Outcome.bad(new Failure.RateLimited(id, "busy", null, null));
            case 3 -> Outcome.bad(new Failure.CredentialRefused(id, 401));
            default ->
                    new Outcome(
                            new Failure.TimedOut(
                                    id, Failure.TimedOut.Phase.FIRST_BYTE, Duration.ofSeconds(5)),
                            Duration.ofSeconds(5),
                            null);
        };
    }

    @Test
    void aQuotaThatShrinksLowersTheShareBeforeItIsGone() {
        var bed = new Bed(30);
        var scarce = bed.weighted("a", 50);
        bed.weighted("b", 50);
        scarce.behaviour = _ -> new Outcome(null, FAST, new Quota(0.05, Duration.ofMinutes(1)));
        bed.call(Duration.ZERO);
        bed.traffic(100, Duration.ofSeconds(10));
        bed.run();
        int before = scarce.asked;
        bed.traffic(10_000, Duration.ofMinutes(1));
        bed.run();

        // A quarter of its weight against the whole of the other's.
        assertThat((scarce.asked - before) / 100.0).isCloseTo(20, within(2.0));
    }

    @Test
    void aTargetThatAsksForRestGetsIt() {
        var bed = new Bed(31);
        var tired = bed.weighted("a", 50);
        var other = bed.weighted("b", 50);
        tired.behaviour =
                _ ->
                        Outcome.bad(
                                new Failure.RateLimited("a", "busy", null, Duration.ofSeconds(30)));
        bed.traffic(50, Duration.ofSeconds(1));
        bed.run(Duration.ofSeconds(2));
        assertThat(tired.asked).as("at once left alone, not asked again after 30 s").isOne();

        tired.behaviour = _ -> Outcome.good(FAST);
        bed.traffic(280, Duration.ofSeconds(28));
        bed.run(Duration.ofSeconds(28));
        assertThat(tired.asked).isOne();
        int before = other.asked;
        bed.run(Duration.ofSeconds(2));
        bed.traffic(1_000, Duration.ofSeconds(10));
        bed.run();
        assertThat(other.asked - before).isLessThan(600);
    }

    @Test
    void theLastTargetIsWaitedForAsLongAsItAsks() {
        var bed = new Bed(32);
        var only = bed.weighted("a", 1);
        only.behaviour =
                at ->
                        at < Duration.ofSeconds(7).toNanos()
                                ? Outcome.bad(
                                        new Failure.RateLimited(
                                                "a", "busy", null, Duration.ofSeconds(7)))
                                : Outcome.good(FAST);
        var call = bed.call(Duration.ZERO);
        bed.run();
        assertThat(call.failure).isNull();
        assertThat(call.took()).isBetween(Duration.ofSeconds(7), Duration.ofSeconds(8));

        only.behaviour =
                _ -> Outcome.bad(new Failure.RateLimited("a", "busy", null, Duration.ofHours(1)));
        var hopeless = bed.call(Duration.ZERO);
        bed.run();
        assertThat(hopeless.failure).isInstanceOf(Failure.RateLimited.class);
        assertThat(hopeless.went).hasSize(1);
    }

    @Test
    void aModelThatIsNotReadyGoesLast() {
        var bed = new Bed(33).strategy(new Strategy.Priority());
        bed.prior("a", 0, null).ready = false;
        bed.prior("b", 1, null);
        var calls = bed.traffic(10, Duration.ofSeconds(1));
        bed.run();
        assertThat(calls).allMatch(call -> call.went.equals(List.of("b")));

        bed.place("b").behaviour = _ -> Outcome.bad(Bed.faulted("b"));
        var last = bed.call(Duration.ZERO);
        bed.run();
        assertThat(last.last()).as("last, never away").isEqualTo("a");
    }

    @Test
    void aPromptThatIsTooLongGoesToALargerWindow() {
        var bed = new Bed(34).strategy(new Strategy.Priority());
        for (int i = 0; i < 3; i++) {
            var id = "t" + i;
            long window = i == 1 ? 100_000 : i == 0 ? 128_000 : 1_000_000;
            bed.target(id, window(i, window)).behaviour =
                    _ ->
                            id.equals("t2")
                                    ? Outcome.good(FAST)
                                    : Outcome.bad(
                                            new Failure.Rejected(
                                                    id,
                                                    400,
                                                    "prompt is too long: 200000 tokens",
                                                    null,
                                                    null,
                                                    null));
        }
        var call = bed.call(Duration.ZERO);
        bed.run();

        assertThat(call.went).as("a smaller one is not asked").containsExactly("t0", "t2");
        assertThat(bed.health().vitals(new ModelName("t0", Bed.MODEL)).recentFailures(bed.now()))
                .isZero();
    }

    private static Candidate.Terms window(int priority, long tokens) {
        return new Candidate.Terms(
                1, priority, null, Rules.USUAL, true, Map.of(), Overrides.NONE, tokens);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anUnwantedPromptGoesOnWhereTheOperatorSaysSo(boolean goesOn) {
        var bed =
                new Bed(35)
                        .strategy(new Strategy.Priority())
                        .triggers(new Plan.Triggers(true, goesOn));
        bed.prior("a", 0, null).behaviour =
                _ ->
                        Outcome.bad(
                                new Failure.Rejected("a", 400, "no", null, "content_filter", null));
        bed.prior("b", 1, null);
        var call = bed.call(Duration.ZERO);
        bed.run();

        assertThat(call.went).isEqualTo(goesOn ? List.of("a", "b") : List.of("a"));
        assertThat(call.failure == null).isEqualTo(goesOn);
    }

    @Test
    void metadataChoosesWhoIsAskedAtAll() {
        var bed = new Bed(36);
        bed.target(
                "gold",
                new Candidate.Terms(
                        1, 0, null, Rules.USUAL, true, Map.of("tier", "gold"), Overrides.NONE, 0));
        var gold = bed.call(Duration.ZERO, Bed.metadata(Map.of("tier", "gold")));
        var iron = bed.call(Duration.ZERO, Bed.metadata(Map.of("tier", "iron")));
        bed.run();

        assertThat(gold.went).containsExactly("gold");
        assertThat(iron.went).isEmpty();
        assertThat(iron.failure).isInstanceOf(Failure.Malformed.class);
    }

    @Test
    void oneThatMayNotStandInIsAskedFirstOnly() {
        var bed = new Bed(37).strategy(new Strategy.Priority());
        bed.prior("a", 0, null).behaviour = _ -> Outcome.bad(Bed.faulted("a"));
        bed.target(
                "b",
                new Candidate.Terms(1, 1, null, Rules.USUAL, false, Map.of(), Overrides.NONE, 0));
        var call = bed.call(Duration.ZERO);
        bed.run();

        assertThat(call.went).containsExactly("a", "a", "a");
    }

    @Test
    void aRequestAtFaultGoesNowhereElse() {
        var bed = new Bed(38).strategy(new Strategy.Priority());
        bed.prior("a", 0, null).behaviour =
                _ -> Outcome.bad(new Failure.Rejected("a", 422, "no such field", null, null, null));
        bed.prior("b", 1, null);
        var call = bed.call(Duration.ZERO);
        bed.run();

        assertThat(call.went).containsExactly("a");
        assertThat(call.failure).isInstanceOf(Failure.Rejected.class);
    }

    /// A caller's own {@code fallbacks} come after everything that its first model has.
    @Test
    void theCallersOwnWishesComeLast() {
        var bed = new Bed(39).strategy(new Strategy.Priority());
        bed.prior("a", 0, null).behaviour = _ -> Outcome.bad(Bed.faulted("a"));
        bed.prior("b", 1, null).behaviour = _ -> Outcome.bad(Bed.faulted("b"));
        bed.place("c");
        var call =
                bed.call(
                        Duration.ZERO,
                        Hints.NONE,
                        List.of(
                                new Grant(Bed.CALLER, new VirtualName("virtual")),
                                new Grant(Bed.CALLER, new ModelName("c", Bed.MODEL))));
        bed.run();

        assertThat(call.failure).isNull();
        assertThat(call.went).containsExactly("a", "a", "a", "b", "b", "b", "c");
    }

    /// What one node saw, another believes.
    @Test
    void newsOfFailuresReachOtherNodes() {
        var told = new ArrayList<HealthNews.Item>();
        var here = Health.by(() -> 0, told::add);
        var there = Health.by(() -> 0, HealthNews.NOBODY);
        var model = new ModelName("a", "m");
        here.modelFailed(here.vitals(model));
        here.modelFailed(here.vitals(model));
        here.targetFailed(here.target("b"), "b");
        here.targetFailed(here.target("b"), "b");
        var known = there.vitals(model);
        told.forEach(there::hear);

        assertThat(known.recentFailures(0)).isEqualTo(2);
        assertThat(there.target("b").isUnhealthy(0)).isTrue();
        assertThat(told).hasSize(4);
    }

    /// Callers may make up names; what virtual models know of a target stays.
    @Test
    void namesThatCallersMakeUpAreNotRemembered() {
        var health = Health.by(() -> 0, HealthNews.NOBODY);
        var known = health.vitals(new ModelName("a", "m"));
        assertThat(health.vitalsOfAny(new ModelName("a", "m"))).isSameAs(known);
        var made = health.vitalsOfAny(new ModelName("a", "made-up-1"));
        assertThat(health.vitalsOfAny(new ModelName("a", "made-up-2"))).isSameAs(made);
        health.modelFailed(made);
        health.modelFailed(made);
        assertThat(known.recentFailures(0)).isZero();
    }

    /// The caller's own impatience must not spoil a target for everybody.
    @Test
    void aCallersImpatienceIsNobodysFault() {
        var bed = new Bed(40);
        bed.weighted("a", 1);
        var journey =
                bed.router()
                        .journey(
                                List.of(new Grant(Bed.CALLER, new VirtualName("virtual"))),
                                Hints.NONE);
        for (var phase : List.of(Failure.TimedOut.Phase.CALL, Failure.TimedOut.Phase.FIRST_TOKEN)) {
            journey.goesOn(new Failure.TimedOut("a", phase, Duration.ofMillis(1)), 1_000_000);
        }
        var vitals = bed.health().vitals(new ModelName("a", Bed.MODEL));
        assertThat(vitals.recentFailures(0)).isZero();
        assertThat(vitals.target().recentFailures(0)).isZero();
    }
}
