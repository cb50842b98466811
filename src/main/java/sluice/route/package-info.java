/// Decides where an allowed call goes, and where next when that place fails. Arrives: the {@code Grant}s of a call.
/// Leaves: a {@link sluice.route.Journey}, which is at one {@link sluice.route.Candidate} at a time, and for each a
/// {@link sluice.route.Route}, the way to ask it.
///
/// Start at {@link sluice.route.Router}, then {@link sluice.route.Journey}. A {@link sluice.route.Plan} is what the
/// operator wrote for one name, a {@link sluice.route.Strategy} chooses among its candidates, {@link
/// sluice.route.Symptom} says what a failure means, {@link sluice.route.Health} remembers how everybody does. All of it
/// is in memory, lock-free, and decides without waiting. Knows nothing of HTTP or money.
@NullMarked
package sluice.route;

import org.jspecify.annotations.NullMarked;
