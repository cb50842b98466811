package sluice.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sluice.call.ModelPatterns;
import sluice.call.RateLimit;

/// {@code rate_limits[]}: how much may be used at a time.
final class RateLimitSection {
    private static final Key<Long> LIMIT =
            Key.required("limit", new Whole(0, 1_000_000_000_000L), "how many");
    private static final Key<RateLimit.Unit> UNIT =
            Key.required(
                    "unit",
                    new OneOf<>(units(), Set.of()),
                    "of what: requests, tokens, or concurrent calls");
    private static final Key<RateLimit.Per> PER =
            Key.optional(
                    "per",
                    new OneOf<>(times(), Set.of()),
                    "in which time: minute, hour or day; concurrent calls have none");
    private static final Key<List<String>> MODELS =
            Key.optional("models", Patterns.SHAPE, "what it is for; for every model without it");
    private static final List<Key<?>> KEYS = List.of(LIMIT, UNIT, PER, MODELS);

    static final Section<RateLimit> SECTION =
            new Section<>(
                    "a rate limit",
                    KEYS,
                    Set.of(),
                    RateLimitSection::check,
                    fields -> read(fields, null));

    private static final Key<String> ID =
            Key.required("id", Text.ID, "the name of this limit in messages");

    /// {@code governance.rate_limits[]}, which stand apart from their owners.
    static final Section<Governance.OwnedLimit> OWNED =
            new Section<>(
                    "a rate limit",
                    OwnerKeys.with(ID, KEYS),
                    Set.of(),
                    fields -> {
                        check(fields);
                        OwnerKeys.check(fields);
                    },
                    fields ->
                            new Governance.OwnedLimit(
                                    fields.the(ID),
                                    OwnerKeys.owner(fields),
                                    read(fields, fields.the(ID)),
                                    fields.place()));

    private RateLimitSection() {}

    private static RateLimit read(Fields limit, @Nullable String id) {
        var unit = limit.the(UNIT);
        var per = limit.find(PER).orElse(null);
        var models = limit.find(MODELS).map(ModelPatterns::new).orElse(null);
        var name =
                id != null
                        ? id
                        : unit.token()
                                + (per == null ? "" : "-per-" + per.token())
                                + (models == null ? "" : "-" + String.join(",", models.patterns()));
        return new RateLimit(name, unit, limit.the(LIMIT), per, models);
    }

    private static void check(Fields limit) {
        var unit = limit.find(UNIT);
        if (unit.isEmpty()) {
            return;
        }
        boolean timed = unit.get() != RateLimit.Unit.CONCURRENT;
        if (timed && !limit.given(PER)) {
            limit.fault(limit.place(), "'per' is missing: in which time, minute, hour or day");
        } else if (!timed && limit.given(PER)) {
            limit.fault(PER, "concurrent calls are counted at each moment; leave it out");
        }
    }

    private static Map<String, RateLimit.Unit> units() {
        var units = new LinkedHashMap<String, RateLimit.Unit>();
        for (var unit : RateLimit.Unit.values()) {
            units.put(unit.token(), unit);
        }
        return units;
    }

    private static Map<String, RateLimit.Per> times() {
        var times = new LinkedHashMap<String, RateLimit.Per>();
        for (var time : RateLimit.Per.values()) {
            times.put(time.token(), time);
        }
        return times;
    }
}
