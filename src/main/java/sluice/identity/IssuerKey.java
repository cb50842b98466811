package sluice.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One public key of an issuer, and the algorithms that fit its type. A secret key is never one, so a token that was
/// "signed" with a public key's own bytes has nothing to be checked with.
final class IssuerKey {
    private static final int SMALLEST_RSA_BITS = 2048;

    /// Checking a signature costs the square of this.
    private static final int LARGEST_RSA_BITS = 8192;

    private static final byte[] BEFORE_AN_ED25519_KEY = {
        0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00
    };

    private final @Nullable String id;
    private final Set<JWSAlgorithm> fitting;
    private final PublicKey key;

    private IssuerKey(@Nullable String id, Set<JWSAlgorithm> fitting, PublicKey key) {
        this.id = id;
        this.fitting = fitting;
        this.key = key;
    }

    /// @return null when it is not for signatures, or not of a kind that is known here
    static @Nullable IssuerKey of(JWK key) {
        boolean signs = key.getKeyUse() == null || KeyUse.SIGNATURE.equals(key.getKeyUse());
        if (!signs) {
            return null;
        }
        try {
            var fitting = fitting(key);
            var only = key.getAlgorithm();
            if (only != null) {
                fitting =
                        fitting.stream().anyMatch(one -> one.getName().equals(only.getName()))
                                ? Set.of(JWSAlgorithm.parse(only.getName()))
                                : Set.of();
            }
            return fitting.isEmpty()
                    ? null
                    : new IssuerKey(key.getKeyID(), fitting, publicKey(key));
        } catch (JOSEException | GeneralSecurityException | RuntimeException unusable) {
            return null;
        }
    }

    private static Set<JWSAlgorithm> fitting(JWK key) {
        return switch (key) {
            case RSAKey rsa
                    when rsa.size() >= SMALLEST_RSA_BITS && rsa.size() <= LARGEST_RSA_BITS ->
                    Set.of(
                            JWSAlgorithm.RS256,
                            JWSAlgorithm.RS384,
                            JWSAlgorithm.RS512,
                            JWSAlgorithm.PS256,
                            JWSAlgorithm.PS384,
                            JWSAlgorithm.PS512);
            case ECKey ec when ec.getCurve().equals(Curve.P_256) -> Set.of(JWSAlgorithm.ES256);
            case ECKey ec when ec.getCurve().equals(Curve.P_384) -> Set.of(JWSAlgorithm.ES384);
            case ECKey ec when ec.getCurve().equals(Curve.P_521) -> Set.of(JWSAlgorithm.ES512);
            case OctetKeyPair pair when pair.getCurve().equals(Curve.Ed25519) ->
                    Set.of(JWSAlgorithm.EdDSA);
            default -> Set.of();
        };
    }

    private static PublicKey publicKey(JWK key) throws JOSEException, GeneralSecurityException {
        return switch (key) {
            case RSAKey rsa -> rsa.toRSAPublicKey();
            case ECKey ec -> ec.toECPublicKey();
            case OctetKeyPair pair -> ed25519(pair.getX().decode());
            default -> throw new GeneralSecurityException("not a kind of key that is known here");
        };
    }

    /// The JDK checks such signatures itself; the library would want another one.
    private static PublicKey ed25519(byte[] point) throws GeneralSecurityException {
        byte[] encoded = new byte[BEFORE_AN_ED25519_KEY.length + point.length];
        System.arraycopy(BEFORE_AN_ED25519_KEY, 0, encoded, 0, BEFORE_AN_ED25519_KEY.length);
        System.arraycopy(point, 0, encoded, BEFORE_AN_ED25519_KEY.length, point.length);
        return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
    }

    @Nullable String id() {
        return id;
    }

    boolean fits(JWSAlgorithm algorithm) {
        return fitting.contains(algorithm);
    }

    /// Whether this key signed the token. Takes from 30 us to some milliseconds.
    boolean signed(UnprovenToken token) {
        try {
            return fits(token.algorithm())
                    && switch (key) {
                        case RSAPublicKey rsa ->
                                new RSASSAVerifier(rsa)
                                        .verify(token.header(), token.signed(), token.signature());
                        case ECPublicKey ec ->
                                new ECDSAVerifier(ec)
                                        .verify(token.header(), token.signed(), token.signature());
                        default -> signedByEd25519(token);
                    };
        } catch (JOSEException | GeneralSecurityException | RuntimeException unfit) {
            return false;
        }
    }

    private boolean signedByEd25519(UnprovenToken token) throws GeneralSecurityException {
        var check = Signature.getInstance("Ed25519");
        check.initVerify(key);
        check.update(token.signed());
        return check.verify(token.signature().decode());
    }
}
