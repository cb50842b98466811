/// What exists: which models the targets serve, what a name means, and how a model wants to be spoken to.
///
/// Arrives: the configured targets and what discovery found. Leaves: a {@code ModelName} for a name as asked. Start at
/// {@link sluice.catalog.Catalog}, which is immutable; {@link sluice.catalog.Discovery} asks the targets off the path,
/// through a port. {@link sluice.catalog.ModelBook} knows models by their names alone. Knows nothing of sockets.
@NullMarked
package sluice.catalog;

import org.jspecify.annotations.NullMarked;
