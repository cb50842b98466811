/// A Databricks workspace as a target: its paths, its words of refusal, what it serves.
///
/// Arrives and leaves: what {@code upstream} says of every provider. Start at {@link
/// sluice.upstream.databricks.Databricks}. The parts that it is made of, each with a small interface of its own:
///
/// - {@link sluice.upstream.databricks.DeclaredListings} asks, off the path, what the workspace declares;
///   {@link sluice.upstream.databricks.DeclaredModels} is what it said.
/// - {@link sluice.upstream.databricks.Surfaces} chooses the {@link sluice.upstream.databricks.Way} to a model, and
///   learns from refusals.
/// - {@link sluice.upstream.databricks.RequestFields} takes out of a request what would be refused,
///   {@link sluice.upstream.databricks.InlineImages} puts images into it, and
///   {@link sluice.upstream.databricks.RequestTags} says under which names it is booked.
/// - {@link sluice.upstream.databricks.ContentLists} brings replies into the shape that clients read.
///
/// The tables under {@code resources/sluice/upstream/databricks} are data with a date. Knows no other provider.
@NullMarked
package sluice.upstream.databricks;

import org.jspecify.annotations.NullMarked;
