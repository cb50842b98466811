/// The {@code sluice} command: what an operator types, and what it answers with.
///
/// Arrives: the command line, the environment. Leaves: words on standard output and an exit code. Start at
/// {@link sluice.cli.Sluice}; one class per command. {@code Run} chooses where a configuration comes from: files, the
/// environment, or a simulated workspace. Knows the composition root, and no station of a call.
@NullMarked
package sluice.cli;

import org.jspecify.annotations.NullMarked;
