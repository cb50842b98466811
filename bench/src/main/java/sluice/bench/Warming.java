package sluice.bench;

import java.io.IOException;

/// What a call costs in the first seconds after a start, under load from the first call on. A JVM compiles meanwhile, and
/// here on the one core that it has: what the compilers use of it, calls do not get.
final class Warming implements Part {
    private static final int SECONDS_A_STEP = 2;
    private static final int SMALL = 512;
    private static final int AT_A_TIME = 32;

    private final int steps;

    Warming(boolean quick) {
        this.steps = quick ? 8 : 15;
    }

    @Override
    public String name() {
        return "warm";
    }

    @Override
    public void measure(Stage stage, Report report) throws IOException {
        var upstream = stage.start(Nginx.upstream(stage), stage.machine.loadCores());
        stage.awaitFirstAnswer(upstream);
        for (var subject : stage.subjects(upstream.port)) {
            if (subject.name().equals(Gateway.NAME)) {
                warm(stage, stage.ready(subject), report);
            }
        }
    }

    private void warm(Stage stage, Running gateway, Report report) throws IOException {
        var body = Body.ofSize(SMALL, false);
        for (var step = 0; step < steps; step++) {
            var before = gateway.cpuSeconds();
            var compiling = gateway.compilerSeconds();
            var seen =
                    Wrk.run(
                            stage,
                            stage.machine.loadCores(),
                            gateway.port,
                            AT_A_TIME,
                            body,
                            SECONDS_A_STEP);
            if (seen.failed() > 0 || seen.calls() == 0) {
                report.failed(
                        "warm", "%.0f of %.0f calls failed".formatted(seen.failed(), seen.calls()));
                return;
            }
            var rounds = new Rounds();
            rounds.add(
                    Metric.CPU_PER_CALL,
                    gateway.name,
                    (gateway.cpuSeconds() - before) * 1e6 / seen.calls());
            rounds.add(
                    Metric.COMPILERS,
                    gateway.name,
                    100 * (gateway.compilerSeconds() - compiling) / seen.seconds());
            rounds.add(Metric.CALLS, gateway.name, seen.calls() / seen.seconds());
            rounds.add(Metric.RSS, gateway.name, gateway.rssMegabytes());
            report.row(
                    "warm",
                    "second %d to %d".formatted(step * SECONDS_A_STEP, (step + 1) * SECONDS_A_STEP),
                    rounds);
        }
        report.note(
                "the compilers used %.1f s of CPU from the start to the last of these calls"
                        .formatted(gateway.compilerSeconds()));
    }
}
