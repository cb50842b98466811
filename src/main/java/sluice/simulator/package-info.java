/// A Databricks workspace that answers like a real one, on a real port: the outside world for the tests, the quick
/// start and the demo. It also stands for OpenAI-compatible providers and for Anthropic, under {@code /v1}.
///
/// Arrives: HTTP. Leaves: HTTP, and what a {@link sluice.simulator.Recording} and the {@link sluice.simulator.Tokens}
/// saw. A request takes this way:
///
/// 1. {@link sluice.simulator.Connection} reads it: one virtual thread per connection, blocking.
/// 2. {@link sluice.simulator.Workspace} finds the door and the {@link sluice.simulator.Surface}, lets
///    {@link sluice.simulator.Credentials} check who asks and decides what to say, an {@link sluice.simulator.Answer}:
///    lists come from {@link sluice.simulator.Listing} and {@link sluice.simulator.UnityCatalog}, tokens from
///    {@link sluice.simulator.Tokens}. What a model is asked is read by one {@code ...Request} for each dialect, said
///    by {@link sluice.simulator.Model} and shaped by one {@code ...Shape} for each.
/// 3. {@link sluice.simulator.Scripts} picks how: the {@link sluice.simulator.Behaviour} that was asked for by header,
///    by model name, or ahead of time. The table of all of them is that enum, and its {@code OPTIONS}.
/// 4. {@link sluice.simulator.Delivery} puts the answer on the wire, whole or broken, as the script says.
///
/// Start at {@link sluice.simulator.Simulator}. Imports no other package of ours: it must not share a mistake with the
/// product it is there to test.
@NullMarked
package sluice.simulator;

import org.jspecify.annotations.NullMarked;
