package sluice.identity;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.call.Failure;
import sluice.call.Principal;
import sluice.call.Secret;

/// The virtual keys that are in force: those of the configuration, and those that operators made since. Keys are kept and
/// compared as keyed hashes, so a look-up takes the same time whether a key is unknown, nearly right or missing, and no
/// key can be read out of the memory of this class.
public final class VirtualKeys {

    /// A key of the configuration and whom it stands for.
    ///
    /// @param expires from when on it opens nothing; null when it always does
    public record VirtualKey(
            Secret key, Principal principal, boolean disabled, @Nullable Instant expires) {}

    /// No key is longer; a longer one that is presented is hashed up to here and matches nothing.
    private static final int MAX_KEY_CHARS = 4096;

    /// What clients send that must send a key and have none (facts/forms.md section 1).
    private static final String NO_KEY = "unused";

    private final KeyHasher hasher;
    private final KeyTable configured;
    private final KeyTable made;
    private final @Nullable Principal anonymous;
    private final Clock clock;

    private VirtualKeys(
            KeyHasher hasher,
            KeyTable configured,
            KeyTable made,
            @Nullable Principal anonymous,
            Clock clock) {
        this.hasher = hasher;
        this.configured = configured;
        this.made = made;
        this.anonymous = anonymous;
        this.clock = clock;
    }

    /// @param keys of the configuration
    /// @param made those that operators make while it is in force
    /// @param anonymous who calls without a key; null when nobody may
    public static VirtualKeys of(
            KeyHasher hasher,
            List<VirtualKey> keys,
            KeyTable made,
            @Nullable Principal anonymous,
            Clock clock) {
        var entries =
                keys.stream()
                        .map(key ->
                                new KeyTable.Entry(
                                        key.key().use(hasher::hash),
                                        key.principal(),
                                        key.disabled(),
                                        key.expires() == null
                                                ? KeyTable.Entry.FOR_EVER
                                                : key.expires().toEpochMilli()))
                        .toList();
        return new VirtualKeys(hasher, KeyTable.of(entries), made, anonymous, clock);
    }

    /// @param presented every credential of the request, the first that is a key counts
    /// @throws sluice.call.CallFailed with {@code Failure.Unauthenticated} when none is
    public Principal authenticate(List<String> presented) {
        for (var credential : presented) {
            var principal = find(credential);
            if (principal != null) {
                return principal;
            }
        }
        return withoutKey(presented);
    }

    /// Whom a credential stands for; null when it is no key.
    @Nullable Principal find(String credential) {
        boolean tooLong = credential.length() > MAX_KEY_CHARS;
        var hash = hasher.hash(tooLong ? credential.substring(0, MAX_KEY_CHARS) : credential);
        var entry = configured.find(hash);
        if (entry == null) {
            entry = made.find(hash);
        }
        return entry != null && !tooLong && entry.opens(clock) ? entry.principal() : null;
    }

    /// Who calls with credentials of which none is known.
    ///
    /// @throws sluice.call.CallFailed with {@code Failure.Unauthenticated} when nobody may
    Principal withoutKey(List<String> presented) {
        if (presented.isEmpty()) {
            find("no key takes as long as a wrong one");
        }
        var nobody = anonymous;
        if (nobody != null && presented.stream().allMatch(NO_KEY::equals)) {
            return nobody;
        }
        throw new Failure.Unauthenticated().asException();
    }
}
