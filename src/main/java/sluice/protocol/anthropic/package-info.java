/// The Messages dialect as views of its bytes: what the gateway must know of a reply and its events, and nothing more.
///
/// Arrives: documents and events. Leaves: views of them. Start at {@link sluice.protocol.anthropic.MessageReplies}.
/// Parses and prints; opens no sockets and decides nothing.
@NullMarked
package sluice.protocol.anthropic;

import org.jspecify.annotations.NullMarked;
