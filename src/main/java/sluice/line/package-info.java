/// The lives of a call: the other packages are the stations that it passes.
///
/// Arrives: an {@code Exchange}. Leaves: its answer, and one entry in the ledger. Start at
/// {@link sluice.line.ModelCalls}: it is the product, top to bottom on one screen. {@link sluice.line.Snapshot} is what
/// its decisions are made from. Knows every station and no socket.
@NullMarked
package sluice.line;

import org.jspecify.annotations.NullMarked;
