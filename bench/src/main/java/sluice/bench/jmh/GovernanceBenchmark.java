package sluice.bench.jmh;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import sluice.access.Access;
import sluice.access.Accounts;
import sluice.access.BudgetNews;
import sluice.access.Hold;
import sluice.access.Need;
import sluice.access.Organisation;
import sluice.access.Standing;
import sluice.access.Use;
import sluice.call.Allowance;
import sluice.call.Budget;
import sluice.call.Bytes;
import sluice.call.Left;
import sluice.call.ModelName;
import sluice.call.ModelPatterns;
import sluice.call.Money;
import sluice.call.Price;
import sluice.call.Principal;
import sluice.call.RateLimit;
import sluice.call.RequestType;
import sluice.call.Secret;
import sluice.call.Terms;
import sluice.call.Usage;
import sluice.identity.KeyHasher;
import sluice.identity.KeyTable;
import sluice.identity.VirtualKeys;
import sluice.ledger.Commitment;
import sluice.ledger.Outlay;
import sluice.ledger.Shares;
import sluice.ledger.SpendJournal;
import sluice.meter.Estimate;
import sluice.meter.PriceBook;

/// What governing one call costs, in the order of `line.ModelCalls`: who is calling, may they, what is held, and what is
/// settled. The caller is a key of a user in a team of a customer. Key and team have budgets in dollars and in tokens and
/// limits of requests, tokens and calls at once; the organisation has a budget too.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "-XX:+UseCompactObjectHeaders")
public class GovernanceBenchmark {
    private static final String KEY = "sk-slc-0123456789abcdefghijklmnopqrstuvwxyzABCDEFG";
    private static final ModelName MODEL = new ModelName("databricks", "claude-sonnet-4-5");
    private static final List<ModelName> MODELS = List.of(MODEL);
    private static final Usage USED = Usage.of(120, 80);
    private static final long NO_BOUND = Long.MAX_VALUE / 8;

    private final Clock clock = Clock.systemUTC();
    private final List<String> presented = List.of(KEY);
    private final Bytes body = Bytes.of(new byte[512]);
    private Path folder;
    private SpendJournal journal;
    private VirtualKeys keys;
    private Access access;
    private PriceBook prices;
    private Principal caller;
    private Standing standing;
    private Need need;
    private Hold hold;
    private Money cost;

    /// The accounts of one call, as `line.Spending` tells the journal of them.
    private record Booked(Hold hold, List<Use> uses) implements Shares {
        @Override
        public int count() {
            return hold.accounts();
        }

        @Override
        public String account(int share) {
            return hold.account(share);
        }

        @Override
        public long period(int share) {
            return hold.period(share);
        }

        @Override
        public long held(int share) {
            return hold.held(share);
        }

        @Override
        public long used(int share) {
            return hold.used(share, uses);
        }
    }

    @Setup
    public void make() throws IOException {
        prices = PriceBook.of(Map.of(MODEL.model(), List.of(price())), Map.of());
        access = new Access(organisation(), new Accounts(clock, BudgetNews.NOBODY));
        keys =
                VirtualKeys.of(
                        KeyHasher.with(KeyHasher.freshSecret()),
                        List.of(
                                new VirtualKeys.VirtualKey(
                                        new Secret(KEY), principal(), false, null)),
                        KeyTable.of(List.of()),
                        null,
                        clock);
        caller = keys.authenticate(presented);
        standing = access.standing(caller);
        need = need();
        cost = prices.cost(MODEL, USED, Instant.now()).orElseThrow();
    }

    /// A segment has room for some twenty thousand records, and a benchmark writes millions.
    @Setup(Level.Iteration)
    public void openJournal() throws IOException {
        folder = Files.createTempDirectory("sluice-bench-journal-");
        journal = SpendJournal.open(folder, 0);
        hold = standing.hold(need);
    }

    @TearDown(Level.Iteration)
    public void closeJournal() throws IOException {
        journal.close();
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static Organisation organisation() {
        return new Organisation(
                new Allowance(Terms.SILENT, List.of(budget("all", Budget.Unit.USD)), List.of()),
                Map.of("acme", Allowance.SILENT),
                Map.of(
                        "research",
                        new Organisation.Team(limited(new ModelPatterns(List.of("*"))), "acme")),
                Map.of("ada", new Organisation.User(Allowance.SILENT, "research")),
                Map.of(),
                Map.of());
    }

    private static Principal principal() {
        return new Principal(
                Principal.Kind.VIRTUAL_KEY,
                "notebooks",
                "ada",
                "research",
                "acme",
                List.of(),
                Map.of(),
                limited(new ModelPatterns(List.of("databricks/*"))));
    }

    private static Allowance limited(ModelPatterns models) {
        return new Allowance(
                Terms.models(models),
                List.of(budget("dollars", Budget.Unit.USD), budget("tokens", Budget.Unit.TOKENS)),
                List.of(
                        limit("requests", RateLimit.Unit.REQUESTS),
                        limit("tokens", RateLimit.Unit.TOKENS),
                        new RateLimit("at-once", RateLimit.Unit.CONCURRENT, NO_BOUND, null, null)));
    }

    private static Budget budget(String name, Budget.Unit unit) {
        return new Budget(
                name,
                unit,
                NO_BOUND,
                Budget.Span.MONTH,
                false,
                ZoneOffset.UTC,
                null,
                List.of(50, 80, 100),
                true,
                false,
                null);
    }

    private static RateLimit limit(String name, RateLimit.Unit unit) {
        return new RateLimit(name, unit, NO_BOUND, RateLimit.Per.MINUTE, null);
    }

    private static Price price() {
        return new Price(
                LocalDate.of(2025, 1, 1),
                null,
                Price.STANDARD,
                Price.ANY_SIZE,
                new BigDecimal("3.00"),
                new BigDecimal("15.00"),
                new BigDecimal("3.75"),
                new BigDecimal("6.00"),
                new BigDecimal("0.30"));
    }

    @Benchmark
    public Principal authenticate() {
        return keys.authenticate(presented);
    }

    @Benchmark
    public Standing authorize() {
        var found = access.standing(caller);
        found.authorize(MODEL);
        found.admit(MODEL, RequestType.CHAT, 1_000, clock.instant());
        found.maxTokens(MODEL);
        return found;
    }

    @Benchmark
    public Need need() {
        long input = Estimate.ofInput(body);
        long worst = prices.worst(MODEL, input, 1_000, clock.instant());
        return new Need(MODEL, MODELS, input, 1_000, worst, null);
    }

    @Benchmark
    public Hold holdAndSettle() {
        var held = standing.hold(need);
        held.settle(List.of(new Use(MODEL, USED.total(), cost.nanoDollars())));
        return held;
    }

    @Benchmark
    public long writeDown() {
        return journal.held(commitment(need, clock.millis()), new Booked(hold, List.of()));
    }

    /// What the answer's headers tell of it.
    @Benchmark
    public Left left() {
        return standing.left(need);
    }

    /// The price of what was used, which was there before there were budgets.
    @Benchmark
    public Money cost() {
        return prices.cost(MODEL, USED, clock.instant()).orElseThrow();
    }

    /// All of it, as the line does it; without the headers and the price.
    @Benchmark
    public Hold governed() {
        var known = access.standing(keys.authenticate(presented));
        var now = clock.instant();
        known.authorize(MODEL);
        known.admit(MODEL, RequestType.CHAT, 1_000, now);
        long input = Estimate.ofInput(body);
        long worst = prices.worst(MODEL, input, 1_000, now);
        var needed = new Need(MODEL, MODELS, input, 1_000, worst, null);
        var held = known.hold(needed);
        var uses = new java.util.ArrayList<Use>(1);
        var outlays = new java.util.ArrayList<Outlay>(1);
        var booked = new Booked(held, uses);
        long place = journal.held(commitment(needed, now.toEpochMilli()), booked);
        uses.add(new Use(MODEL, USED.total(), cost.nanoDollars()));
        outlays.add(
                new Outlay(
                        MODEL,
                        USED.input(),
                        USED.cacheRead(),
                        USED.output(),
                        cost.nanoDollars(),
                        false,
                        false));
        held.settle(uses);
        journal.settled(place, outlays, booked);
        return held;
    }

    private static Commitment commitment(Need need, long startedMillis) {
        return new Commitment(
                "call-bench",
                startedMillis,
                "notebooks",
                "research",
                "acme",
                "ada",
                MODEL,
                need.inputTokens(),
                need.outputTokens(),
                need.nanoDollars(),
                false);
    }
}
