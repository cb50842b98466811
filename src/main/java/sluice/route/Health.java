package sluice.route;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import sluice.call.ModelName;

/// How all targets are doing, and each of their models, as this node has seen it and as others told it. One for the
/// process: it outlives configurations, is shared by all loops and never locks.
public final class Health {
    /// So many failures within the window make a target unhealthy (design section 8).
    static final int FAILURES = 2;

    static final long WINDOW_NANOS = 2L * 60 * 1_000_000_000L;

    private final LongSupplier nanos;
    private final HealthNews news;
    private final Map<String, TargetHealth> targets = new ConcurrentHashMap<>();
    private final Map<String, Vitals> models = new ConcurrentHashMap<>();
    private final Map<String, Vitals> others = new ConcurrentHashMap<>();
    private final AtomicInteger events = new AtomicInteger();
    private final Sessions sessions;

    private Health(LongSupplier nanos, HealthNews news) {
        this.nanos = nanos;
        this.news = news;
        this.sessions = new Sessions(nanos);
    }

    /// @param nanos the clock by which failures age, such as {@link System#nanoTime}
    /// @param news is told what happens here, so that other nodes can hear of it
    public static Health by(LongSupplier nanos, HealthNews news) {
        return new Health(nanos, news);
    }

    long now() {
        return nanos.getAsLong();
    }

    Sessions sessions() {
        return sessions;
    }

    TargetHealth target(String id) {
        return targets.computeIfAbsent(id, _ -> new TargetHealth());
    }

    /// For a model that stands behind a virtual one, so that it is worth remembering by itself. There are as many as the
    /// configurations name.
    Vitals vitals(ModelName model) {
        return models.computeIfAbsent(model.text(), _ -> new Vitals(model, target(model.target())));
    }

    /// For a model that is asked for by its own name: what virtual models know of it, else one for all such models of
    /// the target, because callers may make up names.
    Vitals vitalsOfAny(ModelName model) {
        var known = models.get(model.text());
        return known != null
                ? known
                : others.computeIfAbsent(
                        model.target(), id -> new Vitals(new ModelName(id, "*"), target(id)));
    }

    /// How often something happened by which a target became fitter or less fit, ageing and samples aside.
    int events() {
        return events.get();
    }

    /// The target as a place failed: nobody reached it, or it refused our credential.
    void targetFailed(TargetHealth health, String target) {
        health.failed(now());
        events.incrementAndGet();
        news.tell(new HealthNews.Item.TargetFailed(target));
    }

    void modelFailed(Vitals vitals) {
        vitals.failed(now());
        events.incrementAndGet();
        if (models.containsKey(vitals.model().text())) {
            news.tell(new HealthNews.Item.ModelFailed(vitals.model()));
        }
    }

    /// What a probe of the target found.
    public void probed(String target, boolean well) {
        target(target).probed(well);
        events.incrementAndGet();
    }

    /// The target asked to be left alone.
    void rests(Vitals vitals, long untilNanos) {
        vitals.rests(untilNanos);
        events.incrementAndGet();
    }

    /// The target told what is left of its quota.
    void quota(Vitals vitals, double left, long untilNanos) {
        double before = vitals.share(now());
        vitals.quota(left, untilNanos);
        if (before != vitals.share(now())) {
            events.incrementAndGet();
        }
    }

    /// Something that another node saw. It is believed as if it had happened here, and not told on.
    public void hear(HealthNews.Item item) {
        switch (item) {
            case HealthNews.Item.TargetFailed(var id) -> target(id).failed(now());
            case HealthNews.Item.ModelFailed(var model) -> vitalsOfAny(model).failed(now());
        }
        events.incrementAndGet();
    }
}
