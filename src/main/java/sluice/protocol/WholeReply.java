package sluice.protocol;

import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;
import sluice.call.Usage;

/// A reply in one piece.
///
/// @param body as it came
/// @param usage the token counts, when the provider told them
/// @param isError true when the document is none that the dialect promises, or says that the call failed, whatever its
///     status was
public record WholeReply(Bytes body, @Nullable Usage usage, boolean isError) {}
