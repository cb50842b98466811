package sluice.route;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sluice.call.CallFailed;
import sluice.call.Dialect;
import sluice.call.Failure;
import sluice.call.Grant;
import sluice.call.ModelName;
import sluice.call.ModelPatterns;
import sluice.call.Principal;
import sluice.call.RequestType;
import sluice.call.VirtualName;
import sluice.loop.Strand;
import sluice.translate.Pairs;
import sluice.upstream.Overrides;
import sluice.upstream.Question;
import sluice.upstream.Quota;
import sluice.upstream.Reply;
import sluice.upstream.Upstream;

/// A test bed of discrete events: time passes only from one event to the next, so hours of traffic take moments and end
/// the same way for the same seed. The router, its journeys and their health are the product's own; only the targets are
/// made up, and say how they would answer at a given time.
final class Bed {
    static final String MODEL = "m";
    static final Principal CALLER = Principal.key("key", new ModelPatterns(List.of("*")));
    private static final VirtualName NAME = new VirtualName("virtual");

    private final Random random;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final Map<String, Place> places = new HashMap<>();
    private final List<Router.VirtualModel.Target> targets = new ArrayList<>();
    private final Health health = Health.by(this::now, HealthNews.NOBODY);
    private Strategy strategy = new Strategy.Weight(null);
    private Plan.Triggers triggers = Plan.Triggers.USUAL;
    private Duration patience = Duration.ofMinutes(5);
    private @Nullable Router router;
    private long now;
    private long order;

    private record Event(long at, long order, Runnable what) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    /// How a target answers a call that comes at this time.
    interface Behaviour {
        Outcome at(long nanos);
    }

    /// @param failure null when it answers well
    /// @param takes from sending to the end of the answer
    record Outcome(@Nullable Failure failure, Duration takes, @Nullable Quota quota) {
        static Outcome good(Duration takes) {
            return new Outcome(null, takes, null);
        }

        static Outcome bad(Failure failure) {
            return new Outcome(failure, Duration.ofMillis(5), null);
        }
    }

    /// A target, what came to it and when.
    static final class Place implements Upstream {
        private final String id;
        Behaviour behaviour = _ -> Outcome.good(Duration.ofMillis(100));
        boolean ready = true;
        int asked;
        final List<Long> askedAt = new ArrayList<>();

        Place(String id) {
            this.id = id;
        }

        @Override
        public String id() {
            return id;
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
        public boolean isReady(String model) {
            return ready;
        }

        @Override
        public void probe(Strand strand, String path) {
            throw new IllegalStateException("nobody probes here");
        }

        @Override
        public Reply send(Strand strand, Question question) {
            throw new IllegalStateException("the bed answers in its place");
        }

        @Override
        public Supplier<List<String>> models(Strand strand) {
            return List::of;
        }

        @Override
        public void retire(Duration patience) {}
    }

    /// One call and how it ended.
    static final class Traveller {
        final long begun;
        final List<String> went = new ArrayList<>();
        @Nullable Failure failure;
        boolean over;
        long ended;

        Traveller(long begun) {
            this.begun = begun;
        }

        String last() {
            return went.getLast();
        }

        Duration took() {
            return Duration.ofNanos(ended - begun);
        }
    }

    Bed(long seed) {
        this.random = new Random(seed);
    }

    long now() {
        return now;
    }

    Health health() {
        return health;
    }

    Random random() {
        return random;
    }

    Bed strategy(Strategy chosen) {
        strategy = chosen;
        return this;
    }

    Bed triggers(Plan.Triggers chosen) {
        triggers = chosen;
        return this;
    }

    Bed patience(Duration whole) {
        patience = whole;
        return this;
    }

    Place place(String id) {
        return places.computeIfAbsent(id, Place::new);
    }

    static Candidate.Terms terms(int weight, int priority) {
        return new Candidate.Terms(
                weight, priority, null, Rules.USUAL, true, Map.of(), Overrides.NONE, 0);
    }

    Place target(String id, Candidate.Terms terms) {
        targets.add(new Router.VirtualModel.Target(new ModelName(id, MODEL), terms));
        return place(id);
    }

    Place weighted(String id, int weight) {
        return target(id, terms(weight, 0));
    }

    Place prior(String id, int priority, @Nullable Sla sla) {
        return target(
                id,
                new Candidate.Terms(
                        1, priority, sla, Rules.USUAL, true, Map.of(), Overrides.NONE, 0));
    }

    Router router() {
        var made = router;
        if (made == null) {
            var all = new HashMap<String, Router.Place>();
            places.forEach(
                    (id, place) -> all.put(id, new Router.Place(place, Rules.USUAL, patience)));
            var virtual =
                    targets.isEmpty()
                            ? List.<Router.VirtualModel>of()
                            : List.of(
                                    new Router.VirtualModel(
                                            NAME,
                                            strategy,
                                            targets,
                                            triggers,
                                            Optional.of(patience)));
            made =
                    Router.create(
                            all,
                            virtual,
                            Pairs.create(Clock.systemUTC(), () -> "id"),
                            health,
                            random::nextDouble);
            router = made;
        }
        return made;
    }

    /// A call of the virtual model begins after this time.
    Traveller call(Duration after, Hints hints) {
        return call(after, hints, List.of(new Grant(CALLER, NAME)));
    }

    Traveller call(Duration after) {
        return call(after, Hints.NONE);
    }

    Traveller call(Duration after, Hints hints, List<Grant> grants) {
        var traveller = new Traveller(now + after.toNanos());
        at(
                traveller.begun,
                () -> {
                    try {
                        go(traveller, router().journey(grants, hints));
                    } catch (CallFailed refused) {
                        end(traveller, refused.failure());
                    }
                });
        return traveller;
    }

    private void go(Traveller traveller, Journey journey) {
        var here = journey.here();
        var place = place(here.model().target());
        traveller.went.add(here.model().target());
        place.asked++;
        place.askedAt.add(now);
        long deadline = traveller.begun + journey.patience().toNanos();
        var outcome = place.behaviour.at(now);
        long takes = outcome.takes().toNanos();
        boolean late = now + takes > deadline;
        at(
                Math.min(now + takes, deadline),
                () -> {
                    journey.heard(outcome.quota());
                    var failure =
                            late
                                    ? new Failure.TimedOut(
                                            place.id(),
                                            Failure.TimedOut.Phase.CALL,
                                            journey.patience())
                                    : outcome.failure();
                    if (failure == null) {
                        journey.answered(takes / 100, takes / 10);
                        end(traveller, null);
                    } else if (journey.goesOn(failure, deadline - now)) {
                        at(now + journey.pauseNanos(), () -> go(traveller, journey));
                    } else {
                        end(traveller, failure);
                    }
                });
    }

    private void end(Traveller traveller, @Nullable Failure failure) {
        traveller.failure = failure;
        traveller.over = true;
        traveller.ended = now;
    }

    void at(long nanos, Runnable what) {
        events.add(new Event(nanos, order++, what));
    }

    /// Lets everything happen that is due until then.
    void run(Duration time) {
        long end = now + time.toNanos();
        while (!events.isEmpty() && events.peek().at() <= end) {
            var event = events.poll();
            now = event.at();
            event.what().run();
        }
        now = end;
    }

    /// Lets everything happen.
    void run() {
        while (!events.isEmpty()) {
            var event = events.poll();
            now = event.at();
            event.what().run();
        }
    }

    /// So many calls, evenly over this time.
    List<Traveller> traffic(int calls, Duration over) {
        var all = new ArrayList<Traveller>();
        for (int i = 0; i < calls; i++) {
            all.add(call(over.multipliedBy(i).dividedBy(calls)));
        }
        return all;
    }

    static Failure faulted(String target) {
        return new Failure.Faulted(target, 500, "no");
    }

    static Hints session(String id) {
        return new Hints() {
            @Override
            public @Nullable String header(String name) {
                return name.equals("x-session") ? id : null;
            }

            @Override
            public @Nullable String metadata(String key) {
                return null;
            }

            @Override
            public @Nullable Retry retry() {
                return null;
            }
        };
    }

    static Hints metadata(Map<String, String> pairs) {
        return new Hints() {
            @Override
            public @Nullable String header(String name) {
                return null;
            }

            @Override
            public @Nullable String metadata(String key) {
                return pairs.get(key);
            }

            @Override
            public @Nullable Retry retry() {
                return null;
            }
        };
    }
}
