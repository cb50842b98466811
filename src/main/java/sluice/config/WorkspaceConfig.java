package sluice.config;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import sluice.call.ModelPatterns;

/// A workspace whose people may call with its own tokens.
///
/// @param host its address, without a path
/// @param team of those whose groups name none
/// @param models what all of its people may use; empty when teams and roles alone grant
public record WorkspaceConfig(
        URI host,
        Optional<String> team,
        Optional<ModelPatterns> models,
        Duration remembered,
        int questionsPerMinute) {}
