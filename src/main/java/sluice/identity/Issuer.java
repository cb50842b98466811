package sluice.identity;

import com.nimbusds.jose.JWSAlgorithm;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.call.Principal;

/// One issuer: checks its tokens and says whom they stand for.
final class Issuer {
    private static final Logger LOG = LoggerFactory.getLogger(Issuer.class);

    /// A check takes milliseconds at most; more means that too many wait.
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final IssuerRule rule;
    private final Set<JWSAlgorithm> algorithms;
    private final IssuerKeys keys;
    private final Means means;

    Issuer(IssuerRule rule, Means means) {
        this.rule = rule;
        this.algorithms =
                rule.algorithms().stream()
                        .map(JWSAlgorithm::parse)
                        .collect(Collectors.toUnmodifiableSet());
        this.keys = new IssuerKeys(rule, means);
        this.means = means;
    }

    IssuerKeys keys() {
        return keys;
    }

    String name() {
        return rule.issuer();
    }

    /// What a good token says.
    ///
    /// @param until when it expires
    record Said(Principal principal, Instant until) {}

    /// What came of a token.
    sealed interface Result {
        record Good(Said said) implements Result {}

        /// Why is for the log, never for the caller.
        record Bad(String why) implements Result {}

        record Unchecked(String what) implements Result {}
    }

    /// Checks all that costs nothing first, then the signature, on a thread that may take its time over it.
    Result check(UnprovenToken token, Arrival call) {
        if (!algorithms.contains(token.algorithm())) {
            return new Result.Bad("its algorithm is not one of the issuer's algorithms");
        }
        Said said;
        try {
            said = read(new Claims(token.claims()));
        } catch (Claims.Unfit unfit) {
            return new Result.Bad(String.valueOf(unfit.getMessage()));
        }
        var key = key(token, call);
        if (key == null) {
            return keys.present() == null
                    ? new Result.Unchecked("the issuer '" + rule.issuer() + "'")
                    : new Result.Bad("the issuer has no such key for its algorithm");
        }
        return signed(key, token, call, said);
    }

    private @Nullable IssuerKey key(UnprovenToken token, Arrival call) {
        var present = keys.present();
        if (present == null || !present.has(token.keyId())) {
            keys.askFor(call);
            present = keys.present();
        }
        return present == null ? null : present.find(token.keyId(), token.algorithm());
    }

    private Result signed(IssuerKey key, UnprovenToken token, Arrival call, Said said) {
        var check = new Flight<Boolean>();
        try {
            means.checking().execute(() -> check.land(key.signed(token)));
        } catch (RejectedExecutionException full) {
            return tooMany();
        }
        var good = check.await(call, PATIENCE);
        if (good == null) {
            return tooMany();
        }
        return good ? new Result.Good(said) : new Result.Bad("its signature does not hold");
    }

    private static Result tooMany() {
        LOG.warn("Too many signatures of tokens are to be checked at once");
        return new Result.Unchecked("the signature of the token");
    }

    private Said read(Claims claims) throws Claims.Unfit {
        var now = means.clock().instant();
        double second = now.toEpochMilli() / 1000.0;
        double skew = rule.clockSkew().toSeconds();
        double end = claims.time("exp").orElseThrow(() -> new Claims.Unfit("exp", "is missing"));
        if (second >= end + skew) {
            throw new Claims.Unfit("exp", "is in the past");
        }
        if (second < claims.time("nbf").orElse(0.0) - skew) {
            throw new Claims.Unfit("nbf", "is in the future");
        }
        if (!claims.isFor(rule.audience())) {
            throw new Claims.Unfit("aud", "does not hold the configured audience");
        }
        return new Said(principal(claims), until(now, end));
    }

    /// A year is for ever here.
    private static Instant until(Instant now, double end) {
        double left = end - now.toEpochMilli() / 1000.0;
        return now.plusMillis((long) (Math.min(left, 365 * 86_400.0) * 1000));
    }

    private Principal principal(Claims claims) throws Claims.Unfit {
        var names = rule.claims();
        var user =
                claims.text(names.user())
                        .orElseThrow(() -> new Claims.Unfit(names.user(), "is missing"));
        var subject = claims.text("sub").orElse(user);
        var groups = claims.names(names.groups());
        var team =
                claims.text(names.team())
                        .or(() -> groups.stream().filter(means.teams()).findFirst());
        Map<String, String> metadata = new HashMap<>();
        metadata.put("issuer", rule.issuer());
        return new Principal(
                Principal.Kind.TOKEN,
                subject,
                user,
                team.orElse(null),
                claims.text(names.customer()).orElse(null),
                claims.names(names.roles()),
                metadata,
                rule.own());
    }
}
