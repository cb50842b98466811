package sluice.call;

/// One sending of a call that did not answer it, and what came next.
///
/// @param number from 1 on
/// @param model where it was sent
/// @param failure what it ended with
/// @param nanos how long it took
/// @param next {@code retry}, {@code fallback}, {@code other credential}, {@code other dialect}, {@code other model} or
///     {@code stop}
/// @param why in a few words: why that came next
public record Attempt(
        int number, ModelName model, Failure failure, long nanos, String next, String why) {}
