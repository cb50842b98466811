package sluice.upstream;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sluice.call.CallFailed;
import sluice.call.Failure;
import sluice.call.Secret;
import sluice.loop.Strand;

/// Where the bearer token of a target's requests comes from: given by the operator, or fetched and renewed. One per
/// target, asked by all its calls on all loops. Its text holds no credential.
public interface TokenSource {

    /// The token to send now. Waits on the strand when one must be fetched first, for a bounded time.
    ///
    /// @return null when the target wants none
    /// @throws CallFailed with {@code Failure.CredentialRefused}, {@code Unreachable} or {@code TimedOut}
    @Nullable Secret token(Strand strand);

    /// Fetches another token after a target refused one.
    ///
    /// @param refused the token as {@link #token} gave it
    /// @return whether a token other than {@code refused} is there now; false when this source has no other
    /// @throws CallFailed as {@link #token} does
    boolean renew(Secret refused, Strand strand);

    /// What a target may still echo: the present token, and the one before it.
    List<Secret> served();

    /// Closes what belongs to the source alone.
    default void retire(Duration patience) {}

    /// Sends, and sends once more with another token when the target refused the one it got. What {@code send} does
    /// must fail before anything of the answer has been passed on.
    ///
    /// @throws CallFailed of the last sending
    default <T> T renewingOnce(Strand strand, Supplier<T> send) {
        var sent = token(strand);
        try {
            return send.get();
        } catch (CallFailed failed) {
            if (sent == null
                    || !(failed.failure() instanceof Failure.CredentialRefused)
                    || !renew(sent, strand)) {
                throw failed;
            }
        }
        return send.get();
    }

    /// A token that the operator was given; there is no other.
    static TokenSource fixed(Secret token) {
        return new FixedToken(token);
    }

    /// For a target that wants no token.
    static TokenSource none() {
        return NoToken.NONE;
    }
}
