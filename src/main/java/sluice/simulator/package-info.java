/// A Databricks workspace that answers like a real one, on a real port: the outside world for the tests, the quick
/// start and the demo. It also stands for an OpenAI-compatible provider under {@code /v1}.
///
/// Arrives: HTTP. Leaves: HTTP, and what a {@link sluice.simulator.Recording} saw. A request takes this way:
///
/// 1. {@link sluice.simulator.Connection} reads it: one virtual thread per connection, blocking.
/// 2. {@link sluice.simulator.Workspace} finds the door, checks the token and decides what to say, an
///    {@link sluice.simulator.Answer}. {@link sluice.simulator.Chat} says it for models.
/// 3. {@link sluice.simulator.Scripts} picks how: the {@link sluice.simulator.Behaviour} that was asked for by header,
///    by model name, or ahead of time. The table of all of them is that enum, and its {@code OPTIONS}.
/// 4. {@link sluice.simulator.Delivery} puts the answer on the wire, whole or broken, as the script says.
///
/// Start at {@link sluice.simulator.Simulator}. Imports no other package of ours: it must not share a mistake with the
/// product it is there to test.
@NullMarked
package sluice.simulator;

import org.jspecify.annotations.NullMarked;
