package sluice.server;

import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;

/// How a stream that has begun tells its caller that it cannot go on.
@FunctionalInterface
public interface LastWords {

    /// @param type the error's type in the caller's family
    /// @return the events that end the stream, with their blank lines
    Bytes of(String type, @Nullable String code, String message);
}
