package sluice.bench;

import java.io.IOException;
import java.time.Duration;

/// What one call of 10 MB adds to a process that was at rest. Every round is a fresh process: one
/// that has already carried big calls has the memory and would hide what the call needs.
final class BigCall implements Part {
    private static final int SIZE = 10 << 20;
    private static final int SMALL_CALLS_BEFORE = 300;
    private final boolean quick;

    BigCall(boolean quick) {
        this.quick = quick;
    }

    @Override
    public String name() {
        return "big";
    }

    @Override
    public void measure(Stage stage, Report report) throws IOException {
        var upstream = stage.start(Nginx.upstream(stage), stage.machine.loadCores());
        stage.awaitFirstAnswer(upstream);
        var rounds = new Rounds();
        for (var round = 0; round < (quick ? 1 : 3); round++) {
            for (var subject : stage.subjects(upstream.port)) {
                Bench.progress("big: " + subject.name());
                var running = stage.ready(subject);
                rounds.add(Metric.EXTRA_MEMORY, subject.name(), extra(running));
                stage.stop(running);
            }
        }
        report.row("big", "one 10 MB call", rounds);
        report.judge(Target.EXTRA_MEMORY, rounds, Metric.EXTRA_MEMORY);
    }

    private static double extra(Running running) throws IOException {
        for (var call = 0; call < SMALL_CALLS_BEFORE; call++) {
            Call.post(running.port, Body.ofSize(512, false));
        }
        var body = Body.ofSize(SIZE, false);
        Stage.pause(Duration.ofSeconds(1));
        running.forgetPeak();
        var before = running.rssMegabytes();
        var answer = Call.post(running.port, body);
        if (answer.status() != 200) {
            throw new IOException(
                    "%s answered a 10 MB call with %s".formatted(running.name, answer));
        }
        return (running.peakMegabytes() - before) * (1 << 20) / SIZE;
    }
}
