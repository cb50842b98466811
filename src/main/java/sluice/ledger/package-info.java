/// What happened: one entry per call, written off the path. Arrives: an {@link sluice.ledger.Entry} that the line fills
/// in as the call goes. Leaves: one line of JSON. Start at {@link sluice.ledger.Ledger}. It holds no prompt, no reply
/// and no credential, because it is never given one.
///
/// Beside it, what calls cost: a {@link sluice.ledger.Commitment} before a call goes out and its {@link
/// sluice.ledger.Outlay}s after it are written into the {@link sluice.ledger.SpendJournal}, which outlives a process that
/// is killed; {@link sluice.ledger.Bookkeeper} books them in the store.
@NullMarked
package sluice.ledger;

import org.jspecify.annotations.NullMarked;
