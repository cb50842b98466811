package sluice.identity;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.RejectedExecutionException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.identity.Fetch.Unfetched;

/// The keys of one issuer: fetched off the path, at an interval, and once more when a token names one that is not there.
/// Until others come, those that were last fetched serve.
final class IssuerKeys {
    private static final Logger LOG = LoggerFactory.getLogger(IssuerKeys.class);

    /// However many tokens with unknown keys come.
    private static final Duration ASKED_FOR_AT_MOST_EVERY = Duration.ofSeconds(10);

    /// How long the call waits that brought such a token.
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final Duration AFTER_FAILURE = Duration.ofSeconds(10);
    private static final int MAX_DESCRIPTION_BYTES = 256 * 1024;
    private static final Pattern LOOPBACK = Pattern.compile("127\\.[0-9.]+|\\[::1]|localhost");

    private final String issuer;
    private final @Nullable URI address;
    private final Duration refresh;
    private final Means means;
    private volatile @Nullable KeySet present;
    private @Nullable Flight<Boolean> underWay;
    private Instant due = Instant.MIN;
    private Instant mayBeAskedFor = Instant.MIN;

    IssuerKeys(IssuerRule rule, Means means) {
        this.issuer = rule.issuer();
        this.address = rule.keySet();
        this.refresh = rule.refresh();
        this.means = means;
    }

    /// Those of the same issuer at the same place, while the configuration changes around them.
    void keep(IssuerKeys before) {
        present = before.present;
    }

    boolean isOf(IssuerKeys other) {
        return issuer.equals(other.issuer)
                && (address == null ? other.address == null : address.equals(other.address));
    }

    /// Null while they were never fetched.
    @Nullable KeySet present() {
        return present;
    }

    /// Begins a fetch when the last one is long enough ago.
    synchronized void refreshWhenDue() {
        if (underWay == null && !means.clock().instant().isBefore(due)) {
            begin();
        }
    }

    /// Fetches them because a call needs one that is not there, and waits for that; not too often, whatever callers
    /// send.
    void askFor(Arrival call) {
        var flight = join();
        if (flight != null) {
            flight.await(call, PATIENCE);
        }
    }

    private synchronized @Nullable Flight<Boolean> join() {
        if (underWay != null) {
            return underWay;
        }
        var now = means.clock().instant();
        if (now.isBefore(mayBeAskedFor)) {
            return null;
        }
        mayBeAskedFor = now.plus(ASKED_FOR_AT_MOST_EVERY);
        return begin();
    }

    private Flight<Boolean> begin() {
        var flight = new Flight<Boolean>();
        underWay = flight;
        try {
            means.fetching().execute(() -> fly(flight));
        } catch (RejectedExecutionException stopping) {
            landed(flight, false);
        }
        return flight;
    }

    private void fly(Flight<Boolean> flight) {
        boolean fetched = false;
        try {
            var keys = KeySet.read(document(keySet(), KeySet.MAX_BYTES));
            fetched = true;
            present = keys;
            LOG.debug("The issuer '{}' has {} keys", issuer, keys.keys().size());
        } catch (Unfetched failed) {
            LOG.warn(
                    "No keys of the issuer '{}': {}.{}",
                    issuer,
                    failed.getMessage(),
                    present == null ? "" : " Those from before still serve.");
        } catch (RuntimeException bug) {
            LOG.error("The keys of the issuer '{}' could not be fetched", issuer, bug);
        } finally {
            landed(flight, fetched);
        }
    }

    private void landed(Flight<Boolean> flight, boolean fetched) {
        synchronized (this) {
            due = means.clock().instant().plus(fetched ? refresh : AFTER_FAILURE);
            underWay = null;
        }
        flight.land(fetched);
    }

    private URI keySet() throws Unfetched {
        var given = address;
        return given == null ? described() : given;
    }

    /// As the issuer's own description says (OpenID Connect Discovery 1.0, section 4).
    private URI described() throws Unfetched {
        var host = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
        var document =
                document(
                        URI.create(host + "/.well-known/openid-configuration"),
                        MAX_DESCRIPTION_BYTES);
        try {
            var description = JSONObjectUtils.parse(document);
            if (!issuer.equals(description.get("issuer"))) {
                throw new Unfetched("its description is of another issuer");
            }
            return safe(JSONObjectUtils.getURI(description, "jwks_uri"));
        } catch (ParseException malformed) {
            throw new Unfetched("its description is not JSON, or its jwks_uri no address");
        }
    }

    private URI safe(@Nullable URI uri) throws Unfetched {
        if (uri == null || uri.getHost() == null || !isSafe(uri)) {
            throw new Unfetched("its description has no jwks_uri that begins with https://");
        }
        return uri;
    }

    /// Only an issuer on this machine, which is configured so, may have its keys here in the clear.
    private boolean isSafe(URI uri) {
        boolean local = LOOPBACK.matcher(uri.getHost()).matches() && issuer.startsWith("http:");
        return uri.getRawUserInfo() == null
                && ("https".equals(uri.getScheme()) || (local && "http".equals(uri.getScheme())));
    }

    private String document(URI from, int maxBytes) throws Unfetched {
        var answer = means.fetch().get(from, null, maxBytes);
        if (answer.status() != 200) {
            throw new Unfetched(from + " answers with status " + answer.status());
        }
        return answer.body().utf8();
    }
}
