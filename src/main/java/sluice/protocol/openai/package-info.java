/// The chat completions dialect as views of its bytes: what the gateway must know of a request, a reply and a streamed
/// chunk, and nothing more.
///
/// Arrives: documents and events. Leaves: views of them, and edited bytes. Start at
/// {@link sluice.protocol.openai.ChatRequest}, then {@link sluice.protocol.openai.ChatEvent}. Parses and prints; opens
/// no sockets and decides nothing.
@NullMarked
package sluice.protocol.openai;

import org.jspecify.annotations.NullMarked;
