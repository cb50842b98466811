package sluice.route;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;
import sluice.call.Dialect;
import sluice.call.Failure;
import sluice.call.Grant;
import sluice.call.Meaning;
import sluice.call.ModelName;
import sluice.call.Reach;
import sluice.call.RequestType;
import sluice.call.VirtualName;
import sluice.json.JsonText;
import sluice.translate.Pair;
import sluice.translate.Pairs;
import sluice.upstream.Upstream;

/// Decides where calls go. Immutable, one for each configuration; what is known of the targets' health lives longer, in
/// {@link Health}.
public final class Router {
    /// How many names are kept ready; beyond it a plan is made for each call.
    private static final int KEPT_MAX = 4_096;

    private final Map<String, Place> places;
    private final Map<String, Plan> virtual;
    private final Map<String, Plan> alone = new ConcurrentHashMap<>();
    private final Pairs pairs;
    private final Health health;
    private final DoubleSupplier chance;

    /// A target, and what holds for all its models.
    ///
    /// @param patience how long one call to it may take
    public record Place(Upstream upstream, Rules rules, Duration patience) {}

    /// A virtual model as the operator wrote it.
    ///
    /// @param patience how long a call may take over all its attempts; without it, as long as at its most patient target
    public record VirtualModel(
            VirtualName name,
            Strategy strategy,
            List<Target> targets,
            Plan.Triggers triggers,
            Optional<Duration> patience) {
        public record Target(ModelName model, Candidate.Terms terms) {}

        public VirtualModel {
            targets = List.copyOf(targets);
        }
    }

    private Router(
            Map<String, Place> places,
            Map<String, Plan> virtual,
            Pairs pairs,
            Health health,
            DoubleSupplier chance) {
        this.places = Map.copyOf(places);
        this.virtual = Map.copyOf(virtual);
        this.pairs = pairs;
        this.health = health;
        this.chance = chance;
    }

    /// @param places the targets by id
    /// @param virtualModels whose targets all are among the places
    /// @param chance numbers from 0 to below 1, from any thread
    public static Router create(
            Map<String, Place> places,
            List<VirtualModel> virtualModels,
            Pairs pairs,
            Health health,
            DoubleSupplier chance) {
        var plans = new HashMap<String, Plan>();
        for (var model : virtualModels) {
            plans.put(model.name().text(), plan(model, places, health));
        }
        return new Router(places, plans, pairs, health, chance);
    }

    private static Plan plan(VirtualModel model, Map<String, Place> places, Health health) {
        var candidates =
                model.targets().stream()
                        .map(target ->
                                new Candidate(
                                        target.model(),
                                        place(places, target.model()).upstream(),
                                        target.terms(),
                                        health.vitals(target.model())))
                        .toList();
        var longest =
                model.targets().stream()
                        .map(target -> place(places, target.model()).patience())
                        .max(Comparator.naturalOrder())
                        .orElseThrow();
        return new Plan(
                model.name(),
                model.strategy(),
                candidates,
                model.triggers(),
                model.patience().orElse(longest));
    }

    private static Place place(Map<String, Place> places, ModelName model) {
        var place = places.get(model.target());
        if (place == null) {
            throw new IllegalStateException("no target '" + model.target() + "'");
        }
        return place;
    }

    /// The way of a call that was granted these models, in the order in which the caller wants them.
    ///
    /// @param wishes at least one
    /// @throws sluice.call.CallFailed when no target of the first takes the call
    public Journey journey(List<Grant> wishes, Hints hints) {
        var plans = new ArrayList<Plan>(wishes.size());
        for (var wish : wishes) {
            plans.add(plan(wish.model()));
        }
        return new Journey(this, plans, hints);
    }

    private Plan plan(Meaning model) {
        return switch (model) {
            case ModelName name -> alone(name);
            case VirtualName name -> {
                var plan = virtual.get(name.text());
                if (plan == null) {
                    throw new IllegalStateException("no virtual model '" + name + "'");
                }
                yield plan;
            }
        };
    }

    /// A model that is asked for by its own name has one place to go.
    private Plan alone(ModelName name) {
        var known = alone.get(name.text());
        if (known != null) {
            return known;
        }
        var place = place(places, name);
        var candidate =
                new Candidate(
                        name,
                        place.upstream(),
                        Candidate.Terms.alone(place.rules()),
                        health.vitalsOfAny(name));
        var plan =
                new Plan(
                        name,
                        new Strategy.Priority(),
                        List.of(candidate),
                        Plan.Triggers.USUAL,
                        place.patience());
        if (alone.size() < KEPT_MAX) {
            alone.put(name.text(), plan);
        }
        return plan;
    }

    /// How a candidate is asked.
    ///
    /// @param asked the caller's dialect
    /// @throws sluice.call.CallFailed with {@code Failure.RequestTypeOff} when the operator switched it off, with
    ///     {@code Failure.NotSpoken} when the target can be asked in no dialect that this one can be translated into
    public Route route(Candidate candidate, Dialect asked, boolean stream) {
        var upstream = candidate.upstream();
        var type = RequestType.of(asked, stream);
        if (!upstream.allows(type)) {
            throw new Failure.RequestTypeOff(upstream.id(), type.token()).asException();
        }
        var model = candidate.model();
        if (upstream.speaks(asked, model.model())) {
            return new Route(candidate, asked, null);
        }
        for (var other : nearest(asked)) {
            if (upstream.speaks(other, model.model())) {
                return new Route(candidate, other, pair(asked, other));
            }
        }
        throw notSpoken(upstream, model, asked).asException();
    }

    /// Writes, as one object, where the calls for a model would go now, and why.
    ///
    /// @param key who asks, as it is shown
    /// @param reach what it may use
    public void explain(Meaning model, String key, Reach reach, JsonText text) {
        new Explanation(plan(model), health.now()).write(text, key, reach);
    }

    /// Writes an object for each virtual model, by name.
    public void explainAll(String key, Reach reach, JsonText text) {
        virtual.values().stream()
                .sorted(Comparator.comparing(plan -> plan.name().text()))
                .forEach(plan -> new Explanation(plan, health.now()).write(text, key, reach));
    }

    Health health() {
        return health;
    }

    DoubleSupplier chance() {
        return chance;
    }

    /// The dialects that lose the least of this one, the best first.
    private static List<Dialect> nearest(Dialect asked) {
        return switch (asked) {
            case CHAT -> List.of(Dialect.MESSAGES);
            case MESSAGES -> List.of(Dialect.CHAT);
            // Who speaks messages signs its thoughts there, and takes them back.
            case RESPONSES -> List.of(Dialect.MESSAGES, Dialect.CHAT);
            case COMPLETIONS -> List.of(Dialect.CHAT, Dialect.MESSAGES);
            case EMBEDDINGS, COUNT_TOKENS, INVOCATIONS -> List.of();
        };
    }

    private Pair pair(Dialect asked, Dialect spoken) {
        var pair = pairs.between(asked, spoken);
        if (pair == null) {
            throw new IllegalStateException(
                    "no pair for " + asked.token() + " and " + spoken.token());
        }
        return pair;
    }

    private static Failure notSpoken(Upstream upstream, ModelName model, Dialect asked) {
        var spoken = new ArrayList<String>();
        for (var dialect : Dialect.values()) {
            if (upstream.speaks(dialect, model.model())) {
                spoken.add(dialect.token());
            }
        }
        return new Failure.NotSpoken(model.text(), asked.token(), spoken);
    }
}
