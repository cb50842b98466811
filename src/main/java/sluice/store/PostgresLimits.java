package sluice.store;

import java.time.Duration;

/// How much of a PostgreSQL server a store may use, and how long it waits for it.
///
/// @param connections at most at a time; one long look and one question beside it need two
/// @param connect how long a connection may take, a new one or one from the pool
/// @param statement how long a statement may take
public record PostgresLimits(int connections, Duration connect, Duration statement) {
    public static final PostgresLimits USUAL =
            new PostgresLimits(4, Duration.ofSeconds(3), Duration.ofSeconds(30));

    public PostgresLimits {
        if (connections < 2 || connections > 100) {
            throw new IllegalArgumentException(
                    "a store needs 2 to 100 connections, got " + connections);
        }
        if (connect.toSeconds() < 1 || statement.toSeconds() < 1) {
            throw new IllegalArgumentException(
                    "a store waits a second at least, got %s and %s".formatted(connect, statement));
        }
    }
}
