package sluice.bench;

import java.io.IOException;

/// From the command to the first 200, on all cores, as a restart happens: files are in the page
/// cache, nothing else is warm. The first start of all, which makes the store, is measured apart. The target is for a gateway with its AOT cache; a JVM that cannot use
/// it says nothing and starts slowly, so its memory map is asked.
final class ColdStart implements Part {
    private final boolean quick;

    ColdStart(boolean quick) {
        this.quick = quick;
    }

    @Override
    public String name() {
        return "cold";
    }

    @Override
    public void measure(Stage stage, Report report) throws IOException {
        var upstream = stage.start(Nginx.upstream(stage), stage.machine.loadCores());
        stage.awaitFirstAnswer(upstream);
        var first = new Rounds();
        var rounds = new Rounds();
        var cached = true;
        for (var round = 0; round < (quick ? 3 : 5); round++) {
            Gateway.forget(stage);
            for (var subject : stage.subjects(upstream.port)) {
                cached &= start(subject, stage, first);
            }
            for (var subject : stage.subjects(upstream.port)) {
                cached &= start(subject, stage, rounds);
            }
        }
        report.row("cold", "first start of all to first 200", first);
        report.row("cold", "start to first 200", rounds);
        if (cached) {
            report.judge(Target.COLD_START, rounds, Metric.START);
        } else {
            report.failed(
                    "cold",
                    "sluice started without its AOT cache; a copy must keep file times: cp -a");
        }
    }

    /// @return whether it had its AOT cache, if it has one
    private static boolean start(Subject subject, Stage stage, Rounds rounds) throws IOException {
        var begin = System.nanoTime();
        var running = stage.start(subject, stage.machine.allCores());
        stage.awaitFirstAnswer(running);
        rounds.add(Metric.START, subject.name(), (System.nanoTime() - begin) / 1e6);
        var cached = running.name.equals(Nginx.NAME) || running.maps(".aot");
        stage.stop(running);
        return cached;
    }
}
