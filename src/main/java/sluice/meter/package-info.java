/// How much a call used, and what that cost. Arrives: the counts that a provider reports, while the reply passes; the
/// prices that the configuration holds. Leaves: one total, whether it was told or estimated, and {@code Money}, or
/// nothing when no price is known. Start at {@link sluice.meter.Tab}, then {@link sluice.meter.PriceBook}. Knows
/// nothing of who pays.
@NullMarked
package sluice.meter;

import org.jspecify.annotations.NullMarked;
