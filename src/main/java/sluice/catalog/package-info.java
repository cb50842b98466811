/// What exists: which models the targets serve, and what a name means.
///
/// Arrives: the configured targets and what discovery found. Leaves: a {@code ModelName} for a name as asked. Start at
/// {@link sluice.catalog.Catalog}, which is immutable; {@link sluice.catalog.Discovery} asks the targets off the path,
/// through a port. Knows nothing of sockets.
@NullMarked
package sluice.catalog;

import org.jspecify.annotations.NullMarked;
