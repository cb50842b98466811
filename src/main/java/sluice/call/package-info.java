/// The nouns that every station shares: who calls, what they may use, what it cost, why it stopped.
///
/// Nothing arrives and nothing leaves; these are values. Read {@link sluice.call.Failure} first: it lists every
/// way a call can end badly. Knows no other package of ours.
@NullMarked
package sluice.call;

import org.jspecify.annotations.NullMarked;
