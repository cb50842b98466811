package sluice.identity;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sluice.call.Failure;
import sluice.call.Principal;
import sluice.call.Secret;

/// The virtual keys that are in force. Keys are kept and compared as salted hashes, so a look-up takes the same time
/// whether a key is unknown, nearly right or missing, and no key can be read out of the memory of this class.
public final class VirtualKeys {

    /// A key and whom it stands for.
    public record VirtualKey(Secret key, Principal principal) {}

    /// No key is longer; a longer one that is presented is hashed up to here and matches nothing.
    private static final int MAX_KEY_CHARS = 4096;

    private static final byte[] SALT = new SecureRandom().generateSeed(32);

    /// What clients send that must send a key and have none (facts/forms.md section 1).
    private static final String NO_KEY = "unused";

    private final Map<Hash, Principal> principals;
    private final @Nullable Principal anonymous;

    private VirtualKeys(Map<Hash, Principal> principals, @Nullable Principal anonymous) {
        this.principals = Map.copyOf(principals);
        this.anonymous = anonymous;
    }

    /// @param anonymous who calls without a key; null when nobody may
    public static VirtualKeys of(List<VirtualKey> keys, @Nullable Principal anonymous) {
        var principals = new HashMap<Hash, Principal>();
        for (var key : keys) {
            principals.put(key.key().use(Hash::of), key.principal());
        }
        return new VirtualKeys(principals, anonymous);
    }

    /// @param presented every credential of the request, the first that is a key counts
    /// @throws sluice.call.CallFailed with {@code Failure.Unauthenticated} when none is
    public Principal authenticate(List<String> presented) {
        if (presented.isEmpty()) {
            Hash.of("no key takes as long as a wrong one");
        }
        for (var credential : presented) {
            boolean tooLong = credential.length() > MAX_KEY_CHARS;
            var hashed = tooLong ? credential.substring(0, MAX_KEY_CHARS) : credential;
            var principal = principals.get(Hash.of(hashed));
            if (principal != null && !tooLong) {
                return principal;
            }
        }
        var nobody = anonymous;
        if (nobody != null && presented.stream().allMatch(NO_KEY::equals)) {
            return nobody;
        }
        throw new Failure.Unauthenticated().asException();
    }

    /// A salted SHA-256. Comparing two says nothing about the keys behind them.
    private record Hash(long a, long b, long c, long d) {
        private static final MessageDigest SALTED = salted();

        static Hash of(String key) {
            var digest = fresh();
            byte[] hash = digest.digest(key.getBytes(StandardCharsets.UTF_8));
            return new Hash(word(hash, 0), word(hash, 8), word(hash, 16), word(hash, 24));
        }

        private static long word(byte[] bytes, int from) {
            long word = 0;
            for (int i = from; i < from + 8; i++) {
                word = word << 8 | (bytes[i] & 0xff);
            }
            return word;
        }

        private static MessageDigest salted() {
            try {
                var digest = MessageDigest.getInstance("SHA-256");
                digest.update(SALT);
                return digest;
            } catch (GeneralSecurityException impossible) {
                throw new IllegalStateException("every JDK has SHA-256", impossible);
            }
        }

        private static MessageDigest fresh() {
            try {
                return (MessageDigest) SALTED.clone();
            } catch (CloneNotSupportedException impossible) {
                throw new IllegalStateException("the JDK's SHA-256 can be cloned", impossible);
            }
        }
    }
}
