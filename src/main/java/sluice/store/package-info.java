/// Where things rest that outlive a start: the objects and keys made through the operator's API, and what was spent.
/// Arrives: changes and bookings, from threads that may wait. Leaves: what was kept. One port, {@link
/// sluice.store.Store}, with SQLite or PostgreSQL behind it; start there. {@link sluice.store.Stores} opens one. Knows
/// nobody of ours, and never stands on the path of a call.
@NullMarked
package sluice.store;

import org.jspecify.annotations.NullMarked;
