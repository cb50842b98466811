package sluice.identity;

import java.time.Clock;
import java.util.concurrent.Executor;
import java.util.function.Predicate;

/// What everything here needs that asks others or computes for long.
///
/// @param fetch asks others; blocks
/// @param fetching threads that may wait for it, one for each question
/// @param checking a few threads with a bounded queue, for signatures; rejects what does not fit
/// @param clock by which tokens and what is remembered of them age
/// @param teams whether a team of this name is declared
public record Means(
        Fetch fetch, Executor fetching, Executor checking, Clock clock, Predicate<String> teams) {}
