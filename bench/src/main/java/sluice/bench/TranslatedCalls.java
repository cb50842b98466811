package sluice.bench;

import java.io.IOException;

/// What it costs more to put a chat to a target that speaks Messages: the same gateway, the same call, once to a target
/// of the caller's dialect and once to one of the other, in turns. nginx has no part in it.
final class TranslatedCalls implements Part {
    private static final String SAME = "as it came";
    private static final String TRANSLATED = "translated";
    private static final int SMALL = 512;
    private static final int LARGE = 100 * 1024;

    private final boolean quick;

    TranslatedCalls(boolean quick) {
        this.quick = quick;
    }

    @Override
    public String name() {
        return "translated";
    }

    @Override
    public void measure(Stage stage, Report report) throws IOException {
        var upstream = stage.start(Nginx.upstream(stage), stage.machine.loadCores());
        stage.awaitFirstAnswer(upstream);
        for (var subject : stage.subjects(upstream.port)) {
            if (subject.name().equals(Gateway.NAME)) {
                var gateway = stage.ready(subject);
                measure(stage, gateway, SMALL, Target.TRANSLATED_SMALL, report);
                measure(stage, gateway, LARGE, Target.TRANSLATED_LARGE, report);
            }
        }
    }

    private void measure(Stage stage, Running gateway, int size, Target target, Report report)
            throws IOException {
        var setting = "8 at a time, " + (size == SMALL ? "0.5 KB" : size / 1024 + " KB");
        Bench.progress("translated: " + setting);
        for (var warm = 0; warm < (quick ? 4 : 12); warm++) {
            cpuPerCall(stage, gateway, size, Gateway.SAME_DIALECT, 1, report);
            cpuPerCall(stage, gateway, size, Gateway.OTHER_DIALECT, 1, report);
        }
        var rounds = new Rounds();
        for (var round = 0; round < (quick ? 3 : 5); round++) {
            var same = cpuPerCall(stage, gateway, size, Gateway.SAME_DIALECT, 2, report);
            var translated = cpuPerCall(stage, gateway, size, Gateway.OTHER_DIALECT, 2, report);
            rounds.add(Metric.CPU_PER_CALL, SAME, same);
            rounds.add(Metric.CPU_PER_CALL, TRANSLATED, translated);
            rounds.add(Metric.CPU_MORE, Gateway.NAME, translated - same);
        }
        report.row("translated", setting, rounds);
        report.judge(target, rounds, Metric.CPU_MORE);
    }

    /// In microseconds.
    private static double cpuPerCall(
            Stage stage, Running gateway, int size, String model, int seconds, Report report)
            throws IOException {
        var body = Body.ofSize(size, false, model);
        var before = gateway.cpuSeconds();
        var seen = Wrk.run(stage, stage.machine.loadCores(), gateway.port, 8, body, seconds);
        if (seen.failed() > 0 || seen.calls() == 0) {
            report.failed(
                    "translated",
                    "%.0f of %.0f calls to %s failed"
                            .formatted(seen.failed(), seen.calls(), model));
        }
        return (gateway.cpuSeconds() - before) * 1e6 / seen.calls();
    }
}
