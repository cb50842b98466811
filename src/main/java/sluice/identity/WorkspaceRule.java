package sluice.identity;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import sluice.call.Allowance;

/// A workspace whose people may call with its own tokens.
///
/// @param host its address, without a path
/// @param team of those whose groups name none; null without one
/// @param own what is granted to all of its people
/// @param remembered how long a token that it knows counts as good
/// @param questionsPerMinute how often it is asked at most
public record WorkspaceRule(
        URI host,
        @Nullable String team,
        Allowance own,
        Duration remembered,
        int questionsPerMinute) {}
