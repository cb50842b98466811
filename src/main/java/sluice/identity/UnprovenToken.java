package sluice.identity;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A JSON Web Token that was read and is not believed yet.
final class UnprovenToken {
    /// No token is longer; a longer one is not read at all.
    static final int MAX_CHARS = 16 * 1024;

    private final String text;
    private final JWSHeader header;
    private final Map<String, Object> claims;
    private final Base64URL signature;

    private UnprovenToken(
            String text, JWSHeader header, Map<String, Object> claims, Base64URL signature) {
        this.text = text;
        this.header = header;
        this.claims = claims;
        this.signature = signature;
    }

    /// Whether it may be one: three parts between dots, the first of which begins a JSON object.
    static boolean hasTheForm(String credential) {
        if (!credential.startsWith("ey") || credential.length() > MAX_CHARS) {
            return false;
        }
        int first = credential.indexOf('.');
        int second = credential.indexOf('.', first + 1);
        return first > 0
                && second > first + 1
                && second < credential.length() - 1
                && credential.indexOf('.', second + 1) < 0;
    }

    /// @param credential that has the form of one
    /// @return null when it is none after all: not signed, or with a header that asks for what nobody here does
    static @Nullable UnprovenToken read(String credential) {
        var parts = credential.split("\\.", -1);
        byte[] payload = decoded(parts[1]);
        if (decoded(parts[0]) == null || payload == null || decoded(parts[2]) == null) {
            return null;
        }
        try {
            var header = JWSHeader.parse(new Base64URL(parts[0]));
            if (header.getCriticalParams() != null || !header.isBase64URLEncodePayload()) {
                return null;
            }
            var claims = JSONObjectUtils.parse(new String(payload, StandardCharsets.UTF_8));
            return new UnprovenToken(credential, header, claims, new Base64URL(parts[2]));
        } catch (ParseException | IllegalArgumentException malformed) {
            return null; // an algorithm that does not sign ends here too
        }
    }

    /// The bytes of a part, which is written in the one way that the standard allows: a decoder that takes others would
    /// take two texts for one token.
    private static byte @Nullable [] decoded(String part) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(part);
            var again = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
            return again.equals(part) ? bytes : null;
        } catch (IllegalArgumentException malformed) {
            return null;
        }
    }

    /// Who is said to have issued it, empty when that is not said.
    String issuer() {
        return claims.get("iss") instanceof String issuer ? issuer : "";
    }

    JWSAlgorithm algorithm() {
        return header.getAlgorithm();
    }

    /// The id of the key that is said to have signed it; null without one.
    @Nullable String keyId() {
        return header.getKeyID();
    }

    JWSHeader header() {
        return header;
    }

    Map<String, Object> claims() {
        return claims;
    }

    /// What is signed: all before the last dot.
    byte[] signed() {
        return text.substring(0, text.lastIndexOf('.')).getBytes(StandardCharsets.US_ASCII);
    }

    Base64URL signature() {
        return signature;
    }

    /// Nothing of the token.
    @Override
    public String toString() {
        return "(a token)";
    }
}
