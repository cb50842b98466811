package sluice.identity;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import sluice.store.KeyHash;

/// Makes the keyed hashes under which virtual keys are kept and found: SHA-256 over a secret of one block and the key.
///
/// The secret fills exactly the first block, so its state is taken ready-made and a key costs one block more. That this
/// is no HMAC does not matter here: whoever could lengthen a hash would need one, and hashes are only ever compared
/// whole. Keys that we make have 256 bits of chance, so a hash is of no use even with the secret.
public final class KeyHasher {
    /// One block of SHA-256.
    public static final int SECRET_BYTES = 64;

    private final MessageDigest begun;

    private KeyHasher(MessageDigest begun) {
        this.begun = begun;
    }

    /// @param secret {@value #SECRET_BYTES} bytes
    public static KeyHasher with(byte[] secret) {
        if (secret.length != SECRET_BYTES) {
            throw new IllegalArgumentException(
                    "the secret of the keys' hashes has "
                            + SECRET_BYTES
                            + " bytes, got "
                            + secret.length);
        }
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(secret);
            return new KeyHasher(digest);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    public static byte[] freshSecret() {
        var secret = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(secret);
        return secret;
    }

    public KeyHash hash(String key) {
        try {
            var digest = (MessageDigest) begun.clone();
            return KeyHash.of(digest.digest(key.getBytes(StandardCharsets.UTF_8)));
        } catch (CloneNotSupportedException impossible) {
            throw new IllegalStateException("the JDK's SHA-256 can be cloned", impossible);
        }
    }
}
