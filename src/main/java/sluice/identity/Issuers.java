package sluice.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.call.Principal;

/// All issuers whose tokens are believed. A token that was found good is remembered by its hash, until it expires and for
/// five minutes at most, so that the usual call costs a hash and no signature. One for each configuration.
public final class Issuers {
    private static final Logger LOG = LoggerFactory.getLogger(Issuers.class);

    private static final int MAX_REMEMBERED = 50_000;
    private static final Duration REMEMBERED_FOR = Duration.ofMinutes(5);

    private final Map<String, Issuer> issuers;
    private final Means means;
    private final Cache<TokenHash, Good> remembered;

    private record Good(Principal principal, long untilMillis) {}

    private Issuers(Map<String, Issuer> issuers, Means means) {
        this.issuers = Map.copyOf(issuers);
        this.means = means;
        this.remembered =
                Caffeine.newBuilder()
                        .maximumSize(MAX_REMEMBERED)
                        .expireAfterWrite(REMEMBERED_FOR)
                        .executor(Runnable::run)
                        .build();
    }

    /// @param before those of the configuration before, whose keys serve until they are fetched anew; null at the start
    public static Issuers of(List<IssuerRule> rules, Means means, @Nullable Issuers before) {
        var issuers =
                new Issuers(
                        rules.stream()
                                .map(rule -> new Issuer(rule, means))
                                .collect(Collectors.toMap(Issuer::name, Function.identity())),
                        means);
        if (before != null) {
            issuers.issuers.forEach((name, issuer) -> {
                var other = before.issuers.get(name);
                if (other != null && issuer.keys().isOf(other.keys())) {
                    issuer.keys().keep(other.keys());
                }
            });
        }
        issuers.refreshWhenDue();
        return issuers;
    }

    /// Fetches the keys whose time it is. Called again and again, off the path.
    public void refreshWhenDue() {
        issuers.values().forEach(issuer -> issuer.keys().refreshWhenDue());
    }

    /// The issuers whose keys were never fetched, so that their tokens cannot be checked.
    public List<String> withoutKeys() {
        return issuers.values().stream()
                .filter(issuer -> issuer.keys().present() == null)
                .map(Issuer::name)
                .sorted()
                .toList();
    }

    /// Whom the token stands for, when that was found out a moment ago.
    @Nullable Principal remembered(TokenHash hash) {
        var good = remembered.getIfPresent(hash);
        return good != null && means.clock().millis() < good.untilMillis()
                ? good.principal()
                : null;
    }

    boolean isEmpty() {
        return issuers.isEmpty();
    }

    /// @param credential that has the form of a token
    Finding find(String credential, TokenHash hash, Arrival call) {
        var token = UnprovenToken.read(credential);
        var issuer = token == null ? null : issuers.get(token.issuer());
        if (token == null || issuer == null) {
            return Finding.NOT_MINE;
        }
        return switch (issuer.check(token, call)) {
            case Issuer.Result.Good(var said) -> {
                remember(hash, said);
                yield new Finding.Known(said.principal());
            }
            case Issuer.Result.Bad(var why) -> {
                LOG.debug("A token of the issuer '{}' is refused: {}", issuer.name(), why);
                yield Finding.REFUSED;
            }
            case Issuer.Result.Unchecked(var what) -> new Finding.Unknowable(what);
        };
    }

    private void remember(TokenHash hash, Issuer.Said said) {
        Instant soon = means.clock().instant().plus(REMEMBERED_FOR);
        var until = said.until().isBefore(soon) ? said.until() : soon;
        remembered.put(hash, new Good(said.principal(), until.toEpochMilli()));
    }
}
