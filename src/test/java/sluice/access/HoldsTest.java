package sluice.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import sluice.call.Allowance;
import sluice.call.Budget;
import sluice.call.CallFailed;
import sluice.call.Failure;
import sluice.call.ModelName;
import sluice.call.ModelPatterns;
import sluice.call.Principal;
import sluice.call.RateLimit;
import sluice.call.Terms;

/// Limits and budgets against a plain model of what they should be: schedules with seeds, in which calls of several
/// callers begin, end and fail in any order while time goes on.
class HoldsTest {
    private static final Instant BEGIN = Instant.parse("2026-11-30T23:00:00Z");
    private static final ModelName LLAMA = new ModelName("workspace", "llama");
    private static final ModelName CLAUDE = new ModelName("workspace", "claude");
    private static final int SCHEDULES = 12_000;

    /// One call of a schedule that runs.
    private record Running(Hold hold, int caller, ModelName model, long tokens, Instant since) {}

    /// Everything that was ever booked, as one would write it on paper.
    private static final class Paper {
        private record Line(int caller, ModelName model, Instant when, long amount) {}

        private final List<Line> lines = new ArrayList<>();

        void add(int caller, ModelName model, Instant when, long amount) {
            lines.add(new Line(caller, model, when, amount));
        }

        /// @param caller -1 for all
        long since(int caller, @Nullable ModelName model, Instant begin) {
            return lines.stream()
                    .filter(line -> caller < 0 || line.caller() == caller)
                    .filter(line -> model == null || line.model().equals(model))
                    .filter(line -> !line.when().isBefore(begin))
                    .mapToLong(Line::amount)
                    .sum();
        }
    }

    @Test
    void noScheduleEverPassesALimitOrLosesASum() {
        for (long seed = 0; seed < SCHEDULES; seed++) {
            try {
                schedule(new Random(seed));
            } catch (AssertionError | RuntimeException wrong) {
                throw new AssertionError("seed " + seed, wrong);
            }
        }
    }

    /// Two keys of one team: each with a limit of tokens per minute, the team with one of its own, with a budget of the day
    /// and one for a single model.
    private static void schedule(Random random) {
        var clock = new TurnedClock(BEGIN.plusSeconds(random.nextInt(3600)));
        var accounts = new Accounts(clock, BudgetNews.NOBODY);
        long keyLimit = 50L + random.nextInt(200);
        long teamLimit = 100L + random.nextInt(300);
        long dayBudget = 200L + random.nextInt(2_000);
        long modelBudget = 100L + random.nextInt(1_000);
        int atOnce = 1 + random.nextInt(5);
        var team =
                new Allowance(
                        Terms.SILENT,
                        List.of(
                                tokens("day", dayBudget, null, true),
                                tokens("claude", modelBudget, CLAUDE, true)),
                        List.of(
                                new RateLimit(
                                        "team",
                                        RateLimit.Unit.TOKENS,
                                        teamLimit,
                                        RateLimit.Per.MINUTE,
                                        null)));
        var access = access(team, accounts);
        var standings = new ArrayList<Standing>();
        for (int i = 0; i < 2; i++) {
            standings.add(access.standing(key("key-" + i, keyLimit, atOnce)));
        }
        var paper = new Paper();
        var running = new ArrayList<Running>();
        for (int step = 0; step < 60; step++) {
            switch (random.nextInt(4)) {
                case 0, 1 -> {
                    int caller = random.nextInt(2);
                    var model = random.nextBoolean() ? LLAMA : CLAUDE;
                    long tokens = random.nextInt(80);
                    var need = new Need(model, List.of(model), tokens, 0, 0, null);
                    try {
                        var hold = standings.get(caller).hold(need);
                        running.add(new Running(hold, caller, model, tokens, clock.instant()));
                    } catch (CallFailed refused) {
                        assertThat(refused.failure())
                                .isInstanceOfAny(Failure.OverLimit.class, Failure.OverBudget.class);
                    }
                }
                case 2 -> {
                    if (!running.isEmpty()) {
                        var ended = running.remove(random.nextInt(running.size()));
                        long used = random.nextInt((int) ended.tokens() + 1);
                        ended.hold().settle(List.of(new Use(ended.model(), used, 0)));
                        ended.hold().settle(List.of(new Use(ended.model(), 1_000_000, 0)));
                        paper.add(ended.caller(), ended.model(), ended.since(), used);
                    }
                }
                default -> clock.forward(random.nextInt(20_000));
            }
            check(clock, accounts, paper, running, keyLimit, teamLimit, dayBudget, modelBudget);
            for (int i = 0; i < 2; i++) {
                int caller = i;
                assertThat(running.stream().filter(each -> each.caller() == caller).count())
                        .isLessThanOrEqualTo(atOnce);
            }
        }
        for (var open : running) {
            open.hold().settle(List.of());
        }
        running.clear();
        check(clock, accounts, paper, running, keyLimit, teamLimit, dayBudget, modelBudget);
    }

    private static void check(
            TurnedClock clock,
            Accounts accounts,
            Paper paper,
            List<Running> running,
            long keyLimit,
            long teamLimit,
            long dayBudget,
            long modelBudget) {
        var minute = clock.instant().minusSeconds(60);
        for (int i = 0; i < 2; i++) {
            int caller = i;
            assertThat(
                            paper.since(caller, null, minute)
                                    + held(running, each -> each.caller() == caller, minute))
                    .isLessThanOrEqualTo(keyLimit);
        }
        assertThat(paper.since(-1, null, minute) + held(running, _ -> true, minute))
                .isLessThanOrEqualTo(teamLimit);

        var day = clock.instant().atZone(ZoneOffset.UTC).toLocalDate();
        var midnight = day.atStartOfDay(ZoneOffset.UTC).toInstant();
        long spentToday = paper.since(-1, null, midnight);
        long heldToday = held(running, _ -> true, midnight);
        assertThat(spentToday + heldToday).isBetween(0L, dayBudget);
        long spentOnClaude = paper.since(-1, CLAUDE, midnight);
        assertThat(spentOnClaude + held(running, each -> each.model().equals(CLAUDE), midnight))
                .isBetween(0L, modelBudget);
        accounts.each(state -> {
            long all = state.spent() + state.held();
            assertThat(state.spent()).isNotNegative();
            assertThat(state.held()).isNotNegative();
            if (running.isEmpty()) {
                assertThat(all)
                        .as(state.account())
                        .isEqualTo(state.account().contains("claude") ? spentOnClaude : spentToday);
            }
        });
    }

    private static long held(
            List<Running> running, java.util.function.Predicate<Running> which, Instant since) {
        return running.stream()
                .filter(which)
                .filter(each -> !each.since().isBefore(since))
                .mapToLong(Running::tokens)
                .sum();
    }

    /// What was used while a clock was wrong does not close a limit until the time that it showed.
    @Test
    void aClockThatIsTurnedBackClosesNoLimitForLong() {
        for (long wrong : new long[] {30_000, 90_000, 86_400_000, 31L * 86_400_000}) {
            var window = new SlidingWindow(60_000);
            long now = BEGIN.toEpochMilli();
            window.take(40, now);
            window.take(60, now + wrong);
            assertThat(window.used(now + wrong)).isBetween(60L, 100L);
            long later = now + 130_000; // the clock is right again
            window.hold(0, 100, now + 1_000);
            assertThat(window.hold(100, 100, later)).as("after " + wrong).isPositive();
            assertThat(window.used(later)).isEqualTo(100);
            assertThat(window.hold(1, 100, later)).isEqualTo(Tally.REFUSED);
        }
    }

    @Test
    void twoThousandCallsAtOnceOnABudgetForAHundredAreAHundred() throws InterruptedException {
        for (int round = 0; round < 20; round++) {
            var accounts = new Accounts(new TurnedClock(BEGIN), BudgetNews.NOBODY);
            var team =
                    new Allowance(
                            Terms.SILENT, List.of(tokens("day", 100 * 7, null, true)), List.of());
            var access = access(team, accounts);
            var passed = new AtomicInteger();
            var begin = new CountDownLatch(1);
            var threads = new ArrayList<Thread>();
            for (int i = 0; i < 2_000; i++) {
                var standing = access.standing(key("key-" + i % 3, 1_000_000, 10_000));
                threads.add(
                        Thread.ofVirtual()
                                .start(() -> {
                                    try {
                                        begin.await();
                                        standing.hold(
                                                new Need(LLAMA, List.of(LLAMA), 7, 0, 0, null));
                                        passed.incrementAndGet();
                                    } catch (CallFailed | InterruptedException refused) {
                                        // counted by who passed
                                    }
                                }));
            }
            begin.countDown();
            for (var thread : threads) {
                thread.join();
            }

            assertThat(passed).hasValue(100);
        }
    }

    @Test
    void manyThreadsLeaveExactlyWhatTheyUsed() throws InterruptedException {
        var clock = new TurnedClock(BEGIN);
        var accounts = new Accounts(clock, BudgetNews.NOBODY);
        var team =
                new Allowance(
                        Terms.SILENT,
                        List.of(
                                tokens("day", 5_000, null, true),
                                tokens("rolling", 1_000_000_000, null, false)),
                        List.of(
                                new RateLimit(
                                        "hour",
                                        RateLimit.Unit.TOKENS,
                                        1_000_000_000,
                                        RateLimit.Per.HOUR,
                                        null)));
        var access = access(team, accounts);
        var used = new AtomicLong();
        var threads = new ArrayList<Thread>();
        for (int t = 0; t < 8; t++) {
            var random = new Random(t);
            var standing = access.standing(key("key-" + t, 1_000_000_000, 1_000));
            threads.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                for (int i = 0; i < 20_000; i++) {
                                    long worst = random.nextInt(400);
                                    long really = random.nextInt((int) worst + 1) / 200;
                                    try {
                                        var hold =
                                                standing.hold(
                                                        new Need(
                                                                LLAMA,
                                                                List.of(LLAMA),
                                                                worst,
                                                                0,
                                                                0,
                                                                null));
                                        if (i % 50 == 0) {
                                            clock.forward(1);
                                        }
                                        hold.settle(List.of(new Use(LLAMA, really, 0)));
                                        used.addAndGet(really);
                                    } catch (CallFailed refused) {
                                        // nothing is booked
                                    }
                                }
                            }));
        }
        for (var thread : threads) {
            thread.join();
        }

        assertThat(used.get()).isPositive().isLessThanOrEqualTo(5_000);
        accounts.each(state -> {
            assertThat(state.held()).as(state.account()).isZero();
            assertThat(state.spent()).as(state.account()).isEqualTo(used.get());
        });
    }

    /// A call that began before a limit was lowered finds it lowered, and does not raise it for others.
    @Test
    void whatAnOlderConfigurationSaidDoesNotComeBack() {
        var accounts = new Accounts(new TurnedClock(BEGIN), BudgetNews.NOBODY);
        var before =
                access(
                        new Allowance(
                                Terms.SILENT, List.of(tokens("day", 1_000, null, true)), List.of()),
                        accounts);
        access(
                new Allowance(Terms.SILENT, List.of(tokens("day", 10, null, true)), List.of()),
                accounts);

        var late = before.standing(key("late", 1_000_000, 10));

        assertThatThrownBy(() -> late.hold(new Need(LLAMA, List.of(LLAMA), 11, 0, 0, null)))
                .isInstanceOf(CallFailed.class);
        late.hold(new Need(LLAMA, List.of(LLAMA), 10, 0, 0, null)).settle(List.of());
    }

    private static Access access(Allowance team, Accounts accounts) {
        return new Access(
                new Organisation(
                        Allowance.SILENT,
                        Map.of(),
                        Map.of("team", new Organisation.Team(team, null)),
                        Map.of(),
                        Map.of(),
                        Map.of()),
                accounts);
    }

    private static Principal key(String id, long tokensPerMinute, long atOnce) {
        return new Principal(
                Principal.Kind.VIRTUAL_KEY,
                id,
                null,
                "team",
                null,
                List.of(),
                Map.of(),
                new Allowance(
                        Terms.models(new ModelPatterns(List.of("*"))),
                        List.of(),
                        List.of(
                                new RateLimit(
                                        "tokens",
                                        RateLimit.Unit.TOKENS,
                                        tokensPerMinute,
                                        RateLimit.Per.MINUTE,
                                        null),
                                new RateLimit(
                                        "calls", RateLimit.Unit.CONCURRENT, atOnce, null, null))));
    }

    private static Budget tokens(
            String name, long limit, @Nullable ModelName model, boolean calendar) {
        return new Budget(
                name,
                Budget.Unit.TOKENS,
                limit,
                Budget.Span.DAY,
                !calendar,
                ZoneId.of("UTC"),
                model == null ? null : new ModelPatterns(List.of(model.text())),
                List.of(75, 100),
                true,
                true,
                null);
    }
}
