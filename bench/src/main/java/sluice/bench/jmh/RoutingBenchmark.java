package sluice.bench.jmh;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import sluice.call.Dialect;
import sluice.call.Failure;
import sluice.call.Grant;
import sluice.call.ModelName;
import sluice.call.ModelPatterns;
import sluice.call.Principal;
import sluice.call.RequestType;
import sluice.call.VirtualName;
import sluice.loop.Strand;
import sluice.route.Candidate;
import sluice.route.Health;
import sluice.route.HealthNews;
import sluice.route.Hints;
import sluice.route.Journey;
import sluice.route.Plan;
import sluice.route.Router;
import sluice.route.Rules;
import sluice.route.Sla;
import sluice.route.Sticky;
import sluice.route.Strategy;
import sluice.translate.Pairs;
import sluice.upstream.Overrides;
import sluice.upstream.Question;
import sluice.upstream.Reply;
import sluice.upstream.Upstream;

/// The choice of a route in memory: a journey begun, with everything that is written down about its choice. Every
/// candidate has a hundred samples, and one in ten has failed of late.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RoutingBenchmark {
    private static final Principal CALLER = Principal.key("key", new ModelPatterns(List.of("*")));

    @Param({"alone", "weight", "sticky", "priority", "latency"})
    private String strategy;

    /// Virtual models, and targets of each.
    @Param({"1x10", "1000x20"})
    private String size;

    private Router router;
    private List<List<Grant>> grants;
    private Hints hints;
    private int turn;

    /// A target that is there and is never asked.
    private record Place(String id) implements Upstream {
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
            throw new IllegalStateException("nobody is asked here");
        }

        @Override
        public void probe(Strand strand, String path) {}

        @Override
        public Supplier<List<String>> models(Strand strand) {
            return List::of;
        }

        @Override
        public void retire(Duration patience) {}
    }

    @Setup
    public void make() {
        int models = Integer.parseInt(size.substring(0, size.indexOf('x')));
        int targets = Integer.parseInt(size.substring(size.indexOf('x') + 1));
        var places = new HashMap<String, Router.Place>();
        var virtual = new ArrayList<Router.VirtualModel>();
        grants = new ArrayList<>();
        for (int model = 0; model < models; model++) {
            var candidates = new ArrayList<Router.VirtualModel.Target>();
            for (int target = 0; target < targets; target++) {
                var id = "t" + model + "-" + target;
                places.put(
                        id, new Router.Place(new Place(id), Rules.USUAL, Duration.ofSeconds(290)));
                candidates.add(
                        new Router.VirtualModel.Target(new ModelName(id, "m"), terms(target)));
            }
            var name = new VirtualName("v" + model);
            virtual.add(
                    new Router.VirtualModel(
                            name, strategy(), candidates, Plan.Triggers.USUAL, Optional.empty()));
            grants.add(
                    List.of(
                            new Grant(
                                    CALLER,
                                    strategy.equals("alone")
                                            ? new ModelName("t" + model + "-0", "m")
                                            : name)));
        }
        router =
                Router.create(
                        places,
                        virtual,
                        Pairs.create(Clock.systemUTC(), () -> "id"),
                        Health.by(System::nanoTime, HealthNews.NOBODY),
                        () -> ThreadLocalRandom.current().nextDouble());
        hints = strategy.equals("sticky") ? session() : Hints.NONE;
        for (var each : grants) {
            for (int call = 0; call < 100 * targets; call++) {
                var journey = router.journey(each, hints);
                if (call % 1_000 == 999) {
                    journey.goesOn(new Failure.Faulted("t", 500, "no"), 1);
                } else {
                    journey.answered(1_000_000 + call, 5_000_000);
                }
            }
        }
    }

    private static Candidate.Terms terms(int place) {
        return new Candidate.Terms(
                1 + place,
                place,
                new Sla(50_000_000, 0),
                Rules.USUAL,
                true,
                Map.of(),
                Overrides.NONE,
                0);
    }

    private Strategy strategy() {
        return switch (strategy) {
            case "sticky" ->
                    new Strategy.Weight(
                            new Sticky(
                                    Duration.ofHours(1),
                                    List.of(new Sticky.Identifier.Header("x-session"))));
            case "priority" -> new Strategy.Priority();
            case "latency" -> new Strategy.Latency();
            default -> new Strategy.Weight(null);
        };
    }

    private static Hints session() {
        return new Hints() {
            @Override
            public String header(String name) {
                return "a-session-of-usual-length";
            }

            @Override
            public String metadata(String key) {
                return null;
            }

            @Override
            public Retry retry() {
                return null;
            }
        };
    }

    @Benchmark
    public Journey choose() {
        turn = turn + 1 == grants.size() ? 0 : turn + 1;
        return router.journey(grants.get(turn), hints);
    }
}
