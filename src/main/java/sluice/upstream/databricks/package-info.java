/// A Databricks workspace as a target: its paths, its words of refusal, what it serves.
///
/// Arrives and leaves: what {@code upstream} says of every provider. Start at
/// {@link sluice.upstream.databricks.Databricks}. Knows no other provider.
@NullMarked
package sluice.upstream.databricks;

import org.jspecify.annotations.NullMarked;
