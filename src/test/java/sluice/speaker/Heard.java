package sluice.speaker;

import java.util.List;

/// What a caller heard, in no dialect any more.
///
/// @param calls the tools that were called, each as its name and its arguments: {@code weather
///     {"city":"some city"}}
/// @param end why it ended, in the words of the dialect
/// @param tokens what it used
public record Heard(String text, String thinking, List<String> calls, String end, Tokens tokens) {

    /// @param input all of them, those from the cache included
    public record Tokens(long input, long cached, long output) {}
}
