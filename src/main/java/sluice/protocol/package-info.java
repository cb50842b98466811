/// The wire dialects, as views of their bytes: parse and print only.
///
/// Arrives: request bodies, whole replies, the events of a stream. Leaves: what the gateway must know of them, with the
/// bytes beside it. Start at {@link sluice.protocol.ModelRequest}; each dialect's replies are read by its own {@link
/// sluice.protocol.ReplyReader} in {@code openai} or {@code anthropic}. Opens no sockets and decides nothing.
@NullMarked
package sluice.protocol;

import org.jspecify.annotations.NullMarked;
