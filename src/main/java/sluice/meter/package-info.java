/// How much a call used. Arrives: the counts that a provider reports, while the reply passes. Leaves: one total, and
/// whether it was told or estimated. Start at {@link sluice.meter.Tab}. Knows nothing of money yet, nor of who pays.
@NullMarked
package sluice.meter;

import org.jspecify.annotations.NullMarked;
