package sluice.server;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import javax.net.ssl.X509KeyManager;
import sluice.loop.Wire;

/// A certificate with its key, made sure to belong together: the library would take any two, and every handshake after
/// that would fail.
final class CertificatePair {
    private static final String[] KINDS = {"EC", "RSA", "EdDSA", "Ed25519", "Ed448"};
    private static final byte[] PROBE = {1, 2, 3};

    private CertificatePair() {}

    /// @throws IllegalStateException when the two cannot be read or do not belong together
    static PemKeyCertOptions of(ListenerSettings.Tls tls, Vertx vertx) {
        var pair =
                new PemKeyCertOptions()
                        .setCertValue(Wire.buffer(tls.certificate()))
                        .setKeyValue(tls.key().use(Buffer::buffer));
        try {
            for (var manager : pair.getKeyManagerFactory(vertx).getKeyManagers()) {
                if (manager instanceof X509KeyManager keys) {
                    check(keys);
                }
            }
            return pair;
        } catch (IllegalStateException refused) {
            throw refused;
        } catch (Exception unreadable) {
            throw new IllegalStateException(
                    "server.tls: the certificate or its key cannot be read", unreadable);
        }
    }

    private static void check(X509KeyManager keys) throws GeneralSecurityException {
        for (var kind : KINDS) {
            var aliases = keys.getServerAliases(kind, null);
            for (var alias : aliases == null ? new String[0] : aliases) {
                var certificate = keys.getCertificateChain(alias)[0].getPublicKey();
                if (!belongTogether(keys.getPrivateKey(alias), certificate)) {
                    throw new IllegalStateException(
                            "server.tls: the key does not belong to the certificate");
                }
            }
        }
    }

    /// What the one signs the other must find good.
    private static boolean belongTogether(PrivateKey own, PublicKey shown)
            throws GeneralSecurityException {
        if (!own.getAlgorithm().equals(shown.getAlgorithm())) {
            return false;
        }
        var signature =
                Signature.getInstance(
                        switch (own.getAlgorithm()) {
                            case "EC" -> "SHA256withECDSA";
                            case "RSA" -> "SHA256withRSA";
                            default -> own.getAlgorithm();
                        });
        signature.initSign(own);
        signature.update(PROBE);
        var signed = signature.sign();
        signature.initVerify(shown);
        signature.update(PROBE);
        return signature.verify(signed);
    }
}
