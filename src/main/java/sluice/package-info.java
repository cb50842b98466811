/// The product: {@code Main} enters, {@code Gateway} builds the parts and wires them. Start at
/// {@link sluice.line.ModelCalls}, the life of a call; ARCHITECTURE.md has the map of the packages.
@NullMarked
package sluice;

import org.jspecify.annotations.NullMarked;
