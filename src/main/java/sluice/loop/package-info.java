/// Threads: blocking code, carried by the event loop of its own connection (ARCHITECTURE.md, RATIONALE.md).
///
/// Arrives: a piece of straight-line code, to be run for one call. Leaves: nothing; the code runs on a
/// {@link sluice.loop.Strand}, waits without blocking the loop, and is woken on the same loop.
/// Start at {@link sluice.loop.Strand}; {@link sluice.loop.Work} says what is too much for a loop and done by one of the
/// {@link sluice.loop.Workers}; {@link sluice.loop.Carrier} is the one class that knows the door into the JDK;
/// {@link sluice.loop.Watchdog} tells when somebody blocked a loop after all; {@link sluice.loop.Wire} turns our bytes
/// into the socket library's and back. Knows nothing of HTTP, and of a call no more than that one
/// which waits in vain for a worker fails as {@link sluice.call.Failure.Busy}.
@NullMarked
package sluice.loop;

import org.jspecify.annotations.NullMarked;
