package sluice.route;

import java.util.Locale;

/// Whether a candidate should be asked now. The unfit ones go last and are never left out: one target alone still gets
/// every call (design section 8).
public enum Fitness {
    FIT(0),
    /// Slower than its {@code sla_cutoff}.
    SLOW(1),
    /// It failed too often of late, or its probe fails.
    UNHEALTHY(2),
    /// The target asked to be left alone for a while, or its quota is used up.
    RESTING(3),
    /// The target says that the model is not ready, or is starting.
    NOT_READY(3);

    private final int rank;
    private final String token = name().toLowerCase(Locale.ROOT);

    Fitness(int rank) {
        this.rank = rank;
    }

    /// The lower ones are asked first.
    int rank() {
        return rank;
    }

    /// As the ledger and explanations write it.
    public String token() {
        return token;
    }
}
