package sluice.identity;

import java.util.List;
import java.util.function.BooleanSupplier;

/// A call as identity sees it: what it presents, where it comes from, and how it waits. Whoever brings calls implements
/// it, so that nothing here knows sockets or threads.
public interface Arrival {

    /// Every credential that is presented, in the order in which they count.
    List<String> credentials();

    /// All values of a header, in the order in which they came.
    List<String> headers(String name);

    /// The address at the other end of the caller's connection, without its port.
    String peer();

    /// Waits until {@code ready} says true. A caller that leaves ends the wait by an exception.
    ///
    /// @param deadlineNanos on the scale of {@link System#nanoTime}
    /// @return false when the deadline passed first
    boolean await(BooleanSupplier ready, long deadlineNanos);

    /// Lets the call look again at what it waits for. Called from any thread.
    void wake();
}
