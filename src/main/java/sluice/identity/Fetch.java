package sluice.identity;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;
import sluice.call.Secret;

/// Asks others about a caller, by a GET. Blocks, so it is asked on threads that may wait, never on a call's.
@FunctionalInterface
public interface Fetch {

    /// @param bearer what is sent as a bearer token; null for none
    /// @param maxBytes how large the answer may be
    Answer get(URI address, @Nullable Secret bearer, int maxBytes) throws Unfetched;

    record Answer(int status, Bytes body) {}

    /// There is no answer. The message says why in a few words and holds no credential.
    final class Unfetched extends Exception {
        private static final long serialVersionUID = 1L;

        public Unfetched(String why) {
            super(why);
        }
    }
}
