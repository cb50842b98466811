/// May they, and can they afford it. Arrives: a caller and what it asks for. Leaves: a {@code Grant}, then a {@code Hold}
/// of everything that the call can use at worst, or the refusal that says what is missing and whose it is. Start at
/// {@link sluice.access.Access}, which says where a caller stands; then {@link sluice.access.Standing} and {@link
/// sluice.access.Hold}. What was used so far is in {@link sluice.access.Accounts}, counted by a {@code Tally} without a
/// lock. Knows nothing of targets or HTTP, and never waits.
@NullMarked
package sluice.access;

import org.jspecify.annotations.NullMarked;
