/// Reads and edits a JSON object by byte offset, in one pass, without rebuilding it.
///
/// Arrives: a document as `Bytes`, the few top-level names that matter, and limits. Leaves: {@link sluice.json.Fields},
/// where each of those fields lies; {@link sluice.json.Splice}, the same document with some fields set or removed and
/// every other byte as it came; or {@link sluice.json.NotJson}, a sentence for whoever sent it.
/// {@link sluice.json.JsonText} writes the small documents that are ours.
///
/// Start at `Fields`; `Scanner` below it is the grammar and the speed. Nothing here builds a tree, and nothing here
/// knows what a field means: no model, no message, no HTTP.
@NullMarked
package sluice.json;

import org.jspecify.annotations.NullMarked;
