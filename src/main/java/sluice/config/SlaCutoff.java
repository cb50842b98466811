package sluice.config;

import java.time.Duration;
import java.util.Optional;

/// How slow a target may be, over three minutes, before others go first.
public record SlaCutoff(
        Optional<Duration> timePerOutputToken, Optional<Duration> timeToFirstToken) {}
