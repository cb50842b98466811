/// What happened: one entry per call, written off the path. Arrives: an {@link sluice.ledger.Entry} that the line fills
/// in as the call goes. Leaves: one line of JSON. Start at {@link sluice.ledger.Ledger}. It holds no prompt, no reply
/// and no credential, because it is never given one.
@NullMarked
package sluice.ledger;

import org.jspecify.annotations.NullMarked;
