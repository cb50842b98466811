package sluice.access;

/// Counts what is used within some time, for all loops at once and without a lock. What is held is counted as used until
/// it is settled; nobody ever sees less than was used, so a limit that is checked here is never passed.
///
/// Times are milliseconds since 1970. A hold is known by its ticket, which is the moment when the part of time began
/// that it was counted in.
sealed interface Tally permits SlidingWindow, CalendarSpan, AtOnce {
    long REFUSED = -1;

    /// Counts an amount, if that leaves no more than the limit in use.
    ///
    /// @return the hold's ticket, or {@link #REFUSED}
    long hold(long amount, long limit, long now);

    /// Counts an amount whatever is in use already.
    ///
    /// @return its ticket
    long take(long amount, long now);

    /// Replaces what was held by what was really used, which may be more.
    void settle(long ticket, long held, long used);

    /// What is in use, with what is held.
    long used(long now);

    /// How long it takes until an amount fits below a limit, if nothing else is used meanwhile.
    ///
    /// @return milliseconds; {@link Long#MAX_VALUE} when it never does
    long waitFor(long amount, long limit, long now);

    /// How long it takes until nothing is in use any more, if nothing else is used meanwhile.
    long untilEmpty(long now);
}
