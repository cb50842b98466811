/// Sockets out: how a call reaches a target and what comes back.
///
/// Arrives: an allowed call and the target's own name of the model. Leaves: a {@link sluice.upstream.ChatReply} whose
/// status and first event are known to be good, or a {@code Failure.Upstream} that says what went wrong and whether a
/// retry is safe. Start at {@link sluice.upstream.Upstream}; {@code openai} and {@code databricks} are the
/// providers, thin; {@link sluice.upstream.Wires} and {@link sluice.upstream.Transfer} are the sockets. Knows
/// nothing of callers, keys or policies.
@NullMarked
package sluice.upstream;

import org.jspecify.annotations.NullMarked;
