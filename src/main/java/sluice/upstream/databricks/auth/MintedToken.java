package sluice.upstream.databricks.auth;

import java.time.Duration;
import java.time.Instant;
import sluice.call.Secret;

/// A token and its times: from {@code staleAt} on another is fetched while it still serves, from {@code expiredAt} on
/// it serves no more.
///
/// It is stale for the last 20 minutes of its life, or the last half of a shorter one, as in the vendor's SDK
/// (facts/databricks.md section 4.4). It counts as expired 60 s early, because a workspace refuses a token with less
/// than 30 s of life left (facts/llm-protocols.md section 14).
record MintedToken(Secret secret, Instant staleAt, Instant expiredAt) {
    private static final Duration STALE_FOR = Duration.ofMinutes(20);
    private static final Duration MARGIN = Duration.ofSeconds(60);

    static MintedToken living(Secret secret, Instant since, Duration lifetime) {
        var end = since.plus(lifetime);
        var half = lifetime.dividedBy(2);
        return new MintedToken(
                secret, end.minus(shorter(half, STALE_FOR)), end.minus(shorter(half, MARGIN)));
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }

    boolean isStale(Instant now) {
        return !now.isBefore(staleAt);
    }

    boolean isExpired(Instant now) {
        return !now.isBefore(expiredAt);
    }
}
