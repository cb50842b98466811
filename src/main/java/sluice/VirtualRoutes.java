package sluice;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import sluice.call.VirtualName;
import sluice.catalog.ModelBook;
import sluice.config.BalancedTarget;
import sluice.config.Configuration;
import sluice.config.ExtraHeader;
import sluice.config.RetryConfig;
import sluice.config.RoutingConfig;
import sluice.config.SlaCutoff;
import sluice.config.StickyRouting;
import sluice.config.TargetConfig;
import sluice.config.VirtualModelConfig;
import sluice.route.Candidate;
import sluice.route.Plan;
import sluice.route.Router;
import sluice.route.Rules;
import sluice.route.Sla;
import sluice.route.Sticky;
import sluice.route.Strategy;
import sluice.upstream.Overrides;
import sluice.upstream.Upstream;

/// The part of the composition root that turns configured targets and virtual models into what the router chooses from.
final class VirtualRoutes {
    private final Map<String, TargetConfig> targets;
    private final ModelBook book;

    VirtualRoutes(Configuration configuration, ModelBook book) {
        this.targets =
                configuration.targets().stream()
                        .collect(Collectors.toMap(TargetConfig::id, target -> target));
        this.book = book;
    }

    Map<String, Router.Place> places(Map<String, Upstream> upstreams) {
        var places = new HashMap<String, Router.Place>();
        targets.forEach((id, target) -> {
            var upstream = upstreams.get(id);
            if (upstream != null) {
                places.put(
                        id, new Router.Place(upstream, rules(target), target.deadlines().total()));
            }
        });
        return places;
    }

    private static Rules rules(TargetConfig target) {
        return rules(target.retry(), target.fallbackStatusCodes());
    }

    private static Rules rules(RetryConfig retry, Set<Integer> fallbackOn) {
        return new Rules(retry.attempts(), retry.delay(), retry.onStatusCodes(), fallbackOn);
    }

    Router.VirtualModel virtual(VirtualModelConfig model) {
        var routing = model.routing();
        return new Router.VirtualModel(
                new VirtualName(model.name()),
                strategy(routing.strategy()),
                routing.targets().stream().map(target -> target(target, routing)).toList(),
                new Plan.Triggers(routing.contextWindow(), routing.contentPolicy()),
                routing.timeout());
    }

    private static Strategy strategy(RoutingConfig.Strategy strategy) {
        return switch (strategy) {
            case RoutingConfig.Strategy.Weight(var sticky) ->
                    new Strategy.Weight(sticky.map(VirtualRoutes::sticky).orElse(null));
            case RoutingConfig.Strategy.Priority _ -> new Strategy.Priority();
            case RoutingConfig.Strategy.Latency _ -> new Strategy.Latency();
        };
    }

    private static Sticky sticky(StickyRouting sticky) {
        return new Sticky(
                sticky.ttl(),
                sticky.identifiers().stream()
                        .map(identifier ->
                                switch (identifier.source()) {
                                    case HEADERS ->
                                            (Sticky.Identifier)
                                                    new Sticky.Identifier.Header(identifier.key());
                                    case METADATA ->
                                            new Sticky.Identifier.Metadata(identifier.key());
                                })
                        .toList());
    }

    private Router.VirtualModel.Target target(BalancedTarget target, RoutingConfig routing) {
        var place = targets.get(target.model().target());
        if (place == null) {
            throw new IllegalStateException("no target '" + target.model().target() + "'");
        }
        return new Router.VirtualModel.Target(
                target.model(),
                new Candidate.Terms(
                        target.weight().orElse(1),
                        target.priority().orElse(0),
                        sla(target, routing.strategy()),
                        rules(
                                target.retry().orElse(place.retry()),
                                target.fallbackStatusCodes().orElse(place.fallbackStatusCodes())),
                        target.fallbackCandidate(),
                        target.metadataMatch(),
                        overrides(target),
                        book.traits(target.model().model()).contextTokens()));
    }

    private static @Nullable Sla sla(BalancedTarget target, RoutingConfig.Strategy strategy) {
        Optional<SlaCutoff> forAll =
                strategy instanceof RoutingConfig.Strategy.Priority(var cutoff)
                        ? cutoff
                        : Optional.empty();
        return target.sla().or(() -> forAll).map(VirtualRoutes::sla).orElse(null);
    }

    private static Sla sla(SlaCutoff cutoff) {
        return new Sla(
                cutoff.timePerOutputToken().map(Duration::toNanos).orElse(0L),
                cutoff.timeToFirstToken().map(Duration::toNanos).orElse(0L));
    }

    private static Overrides overrides(BalancedTarget target) {
        return new Overrides(
                target.overrideParams(),
                target.headers().remove(),
                target.headers().set().stream()
                        .collect(Collectors.toMap(ExtraHeader::name, ExtraHeader::value)));
    }
}
