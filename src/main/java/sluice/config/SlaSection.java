package sluice.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// {@code sla_cutoff}.
final class SlaSection {
    private static final long MAX_MILLIS = 3_600_000;
    private static final Key<Duration> PER_TOKEN =
            Key.optional(
                    "time_per_output_token_ms",
                    new Amount(MAX_MILLIS).then(SlaSection::millis),
                    "the most that an output token may take");
    private static final Key<Duration> FIRST_TOKEN =
            Key.optional(
                    "time_to_first_token_ms",
                    new Amount(MAX_MILLIS).then(SlaSection::millis),
                    "the most that the first token of a stream may take");

    static final Section<SlaCutoff> SECTION =
            new Section<>(
                    "sla_cutoff",
                    List.of(PER_TOKEN, FIRST_TOKEN),
                    Set.of(),
                    SlaSection::check,
                    fields -> new SlaCutoff(fields.find(PER_TOKEN), fields.find(FIRST_TOKEN)));

    private SlaSection() {}

    private static Optional<Duration> millis(BigDecimal millis, Place place, Reading reading) {
        long nanos = millis.movePointRight(6).longValue();
        if (nanos < 1) {
            reading.fault(place, "expected more than 0");
            return Optional.empty();
        }
        return Optional.of(Duration.ofNanos(nanos));
    }

    private static void check(Fields fields) {
        if (!fields.given(PER_TOKEN) && !fields.given(FIRST_TOKEN)) {
            fields.fault(
                    PER_TOKEN,
                    "missing: a cutoff needs time_per_output_token_ms, time_to_first_token_ms or both");
        }
    }
}
