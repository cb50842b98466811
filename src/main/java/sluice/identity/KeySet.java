package sluice.identity;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The public keys that an issuer signs with, as it last published them.
record KeySet(List<IssuerKey> keys) {
    static final int MAX_BYTES = 1024 * 1024;
    static final int MAX_KEYS = 100;

    KeySet {
        keys = List.copyOf(keys);
    }

    /// Keys of a kind that is not known here, or that are for something else, are left out.
    ///
    /// @throws Fetch.Unfetched when it is no key set, or holds no key that can be used
    static KeySet read(String document) throws Fetch.Unfetched {
        Object[] written;
        try {
            written = JSONObjectUtils.getJSONObjectArray(JSONObjectUtils.parse(document), "keys");
        } catch (ParseException | IllegalArgumentException malformed) {
            throw new Fetch.Unfetched("its key set is no JSON object with a list of keys");
        }
        if (written == null || written.length > MAX_KEYS) {
            throw new Fetch.Unfetched(
                    written == null
                            ? "its key set has no keys"
                            : "its key set has more than " + MAX_KEYS + " keys");
        }
        var keys = new ArrayList<IssuerKey>();
        for (var each : written) {
            var key = key(each);
            if (key != null) {
                keys.add(key);
            }
        }
        if (keys.isEmpty()) {
            throw new Fetch.Unfetched("its key set has no key that signatures can be checked with");
        }
        return new KeySet(keys);
    }

    @SuppressWarnings("unchecked") // JSON objects have texts for names
    private static @Nullable IssuerKey key(Object written) {
        try {
            return written instanceof Map<?, ?> object
                    ? IssuerKey.of(JWK.parse((Map<String, Object>) object))
                    : null;
        } catch (ParseException | IllegalArgumentException unknown) {
            return null;
        }
    }

    /// The key that may have signed; without an id that is the only one that fits the algorithm.
    @Nullable IssuerKey find(@Nullable String id, JWSAlgorithm algorithm) {
        var fitting =
                keys.stream()
                        .filter(key -> key.fits(algorithm))
                        .filter(key -> id == null || id.equals(key.id()))
                        .toList();
        return fitting.size() == 1 || (id != null && !fitting.isEmpty())
                ? fitting.getFirst()
                : null;
    }

    /// Whether there is a key of this id at all, whatever it fits.
    boolean has(@Nullable String id) {
        return id == null || keys.stream().anyMatch(key -> id.equals(key.id()));
    }
}
