package sluice.admin;

import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;

/// What an operator is told.
///
/// @param etag the version of the one object that is told; null when it is not one object
record Answer(int status, String type, Bytes content, @Nullable String etag) {
    static Answer json(int status, Bytes content, @Nullable String etag) {
        return new Answer(status, "application/json", content, etag);
    }
}
