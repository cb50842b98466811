package sluice.config;

import java.time.Duration;

/// Asks a target from time to time whether it is there.
///
/// @param path behind the target's base
public record HealthProbe(String path, Duration interval) {}
