/// Pairs of dialects: how a call that is asked in one is put to a target that speaks the other, and how its answer is
/// told back. One file per pair.
///
/// Arrives: a request in the caller's dialect, then the target's reply or the events of its stream. Leaves: the same in
/// the other dialect, and the names of what could not be carried. Start at {@link sluice.translate.Pair}, then {@link
/// sluice.translate.Translation}; {@link sluice.translate.Pairs} has them all. What targets answer is read into {@code
/// Blocks} by {@code ChatAnswer} and {@code MessagesAnswer}, where their oddities end, and written by {@code ChatText}
/// and {@code MessagesText}, whole or as a stream. The rows are those of facts/llm-protocols.md sections 9 to 13.
/// Translations run between trees, because they rebuild everything; the same dialect in and out never comes here. Knows
/// no sockets, no targets and no callers.
@NullMarked
package sluice.translate;

import org.jspecify.annotations.NullMarked;
