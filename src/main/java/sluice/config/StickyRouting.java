package sluice.config;

import java.time.Duration;
import java.util.List;

/// What makes a session, and how long one that had to move stays where it went.
public record StickyRouting(Duration ttl, List<Identifier> identifiers) {
    public StickyRouting {
        identifiers = List.copyOf(identifiers);
    }

    public record Identifier(Source source, String key) {}

    public enum Source {
        HEADERS,
        METADATA
    }
}
