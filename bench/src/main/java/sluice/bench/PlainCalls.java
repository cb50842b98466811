package sluice.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What a call that is answered at once costs: CPU, latency and memory, by body and concurrency.
///
/// One call at a time is a chain in which one process works and the others wait, so it is measured
/// with all of them on one core: across cores it mostly shows what the machine, and on a virtual
/// one its host, takes to wake a sleeping core. The smallest body is measured both ways.
final class PlainCalls implements Part {
    private static final int SMALL = 512;
    private static final int MEGABYTE = 1 << 20;

    private record Setting(int concurrency, int size, int rounds, boolean together) {
        Setting(int concurrency, int size, int rounds) {
            this(concurrency, size, rounds, concurrency == 1);
        }

        static Setting acrossCores(int rounds) {
            return new Setting(1, SMALL, rounds, false);
        }

        boolean againstDirect() {
            return concurrency == 1 && size == SMALL;
        }

        String name() {
            var body = size == SMALL ? "0.5 KB" : size < MEGABYTE ? size / 1024 + " KB" : "1 MB";
            var where = concurrency == 1 && !together ? ", across cores" : "";
            return concurrency + " at a time, " + body + where;
        }
    }

    private final boolean quick;
    private double calls;

    PlainCalls(boolean quick) {
        this.quick = quick;
    }

    @Override
    public String name() {
        return "calls";
    }

    @Override
    public void measure(Stage stage, Report report) throws IOException {
        var upstream = stage.start(Nginx.upstream(stage), stage.machine.loadCores());
        stage.awaitFirstAnswer(upstream);
        var subjects = new ArrayList<Running>();
        for (var subject : stage.subjects(upstream.port)) {
            subjects.add(stage.ready(subject));
        }
        showItIsGoverned(subjects.getLast(), report);
        idle(subjects, report);
        var size = 0;
        for (var setting : settings()) {
            if (setting.size() != size) {
                size = setting.size();
                warmUp(stage, subjects, size, report);
            }
            measure(stage, setting, upstream, subjects, report);
        }
        if (!stage.options.nginxOnly()) {
            countLedger(stage, report);
        }
    }

    private List<Setting> settings() {
        if (quick) {
            return List.of(
                    new Setting(32, SMALL, 3),
                    new Setting(1, SMALL, 3),
                    Setting.acrossCores(2),
                    new Setting(8, MEGABYTE, 2));
        }
        var settings = new ArrayList<Setting>();
        for (var size : List.of(SMALL, 10 * 1024, 100 * 1024, MEGABYTE)) {
            for (var concurrency : List.of(32, 8, 1)) {
                settings.add(new Setting(concurrency, size, size == SMALL ? 5 : 3));
            }
            if (size == SMALL) {
                settings.add(Setting.acrossCores(3));
            }
        }
        return settings;
    }

    private int seconds() {
        return quick ? 1 : 2;
    }

    private static void showItIsGoverned(Running last, Report report) throws IOException {
        if (last.name.equals(Gateway.NAME)) {
            var answer = Call.post(last.port, Body.ofSize(SMALL, false), "sk-slc-not-a-key");
            report.note("a call with a wrong key is answered " + answer.status() + " by sluice");
        }
    }

    private static void idle(List<Running> subjects, Report report) {
        Stage.pause(Duration.ofSeconds(2));
        var rounds = new Rounds();
        subjects.forEach(each -> rounds.add(Metric.RSS, each.name, each.rssMegabytes()));
        report.row("calls", "idle, after the first call", rounds);
        report.judge(Target.RSS_IDLE, rounds, Metric.RSS);
    }

    /// nginx has nothing to warm; a JVM compiles what it sees often, on the one core that it has, and
    /// a round meanwhile would show the compiler. So it is loaded until its CPU per call stands still.
    private void warmUp(Stage stage, List<Running> subjects, int size, Report report)
            throws IOException {
        var setting = new Setting(size == SMALL ? 32 : 8, size, 1);
        var atMost = size == SMALL ? (quick ? 20 : 60) : (quick ? 6 : 16);
        for (var subject : subjects) {
            if (!subject.name.equals(Gateway.NAME)) {
                load(stage, setting, subject, 1, report);
                continue;
            }
            var seconds = 0;
            var still = 0;
            for (var last = 0.0; still < 3 && seconds < atMost; seconds += 2) {
                var before = subject.cpuSeconds();
                var calls = load(stage, setting, subject, 2, report).calls();
                var now = (subject.cpuSeconds() - before) / calls;
                still = now > 0.95 * last ? still + 1 : 0;
                last = now;
            }
            load(stage, new Setting(1, size, 1), subject, 2, report);
            report.note("sluice was warmed for %d s with %d bytes".formatted(seconds + 2, size));
        }
    }

    private void measure(
            Stage stage, Setting setting, Running upstream, List<Running> subjects, Report report)
            throws IOException {
        Bench.progress("calls: " + setting.name());
        var machine = stage.machine;
        upstream.move(setting.together() ? machine.subjectCore() : machine.loadCores());
        var rounds = new Rounds();
        var direct = new Rounds();
        for (var round = 0; round < setting.rounds(); round++) {
            if (setting.againstDirect()) {
                latency(direct, upstream, load(stage, setting, upstream, seconds(), report));
            }
            for (var subject : subjects) {
                var before = subject.cpuSeconds();
                var seen = load(stage, setting, subject, seconds(), report);
                var spent = subject.cpuSeconds() - before;
                rounds.add(Metric.CPU_PER_CALL, subject.name, spent * 1e6 / seen.calls());
                latency(rounds, subject, seen);
                rounds.add(Metric.CALLS, subject.name, seen.calls() / seen.seconds());
                rounds.add(Metric.RSS, subject.name, subject.rssMegabytes());
            }
        }
        report.row("calls", setting.name(), rounds);
        if (!direct.metrics().isEmpty()) {
            added(setting, direct, rounds, subjects, report);
        }
        judge(setting, rounds, report);
    }

    private Wrk.Seen load(Stage stage, Setting setting, Running subject, int seconds, Report report)
            throws IOException {
        var machine = stage.machine;
        var cores = setting.together() ? machine.subjectCore() : machine.loadCores();
        var body = Body.ofSize(setting.size(), false);
        var seen = Wrk.run(stage, cores, subject.port, setting.concurrency(), body, seconds);
        if (seen.failed() > 0 || seen.calls() == 0) {
            report.failed(
                    "calls",
                    "%.0f of %.0f calls with %d bytes through %s failed"
                            .formatted(seen.failed(), seen.calls(), body.length, subject.name));
        }
        if (subject.name.equals(Gateway.NAME)) {
            calls += seen.calls();
        }
        return seen;
    }

    private static void latency(Rounds rounds, Running subject, Wrk.Seen seen) {
        rounds.add(Metric.P50, subject.name, seen.p50());
        rounds.add(Metric.P99, subject.name, seen.p99());
        rounds.add(Metric.P999, subject.name, seen.p999());
    }

    private static void added(
            Setting setting, Rounds direct, Rounds rounds, List<Running> subjects, Report report) {
        var added = new Rounds();
        for (var metric : List.of(Metric.P50, Metric.P99, Metric.P999)) {
            var floor = direct.values(metric, Nginx.DIRECT);
            for (var subject : subjects) {
                var values = rounds.values(metric, subject.name);
                for (var round = 0; round < values.size(); round++) {
                    added.add(metric, subject.name, values.get(round) - floor.get(round));
                }
            }
        }
        report.row("calls", setting.name() + ", direct", direct);
        report.row("calls", setting.name() + ", added to direct", added);
        var together = setting.together();
        report.judge(together ? Target.ADDED_P50 : Target.ACROSS_P50, added, Metric.P50);
        report.judge(together ? Target.ADDED_P99 : Target.ACROSS_P99, added, Metric.P99);
    }

    private static void judge(Setting setting, Rounds rounds, Report report) {
        if (setting.size() == SMALL && setting.concurrency() == 32) {
            report.judge(Target.CPU_PER_CALL, rounds.ratio(Metric.CPU_PER_CALL));
            report.judge(Target.RSS_AFTER, rounds, Metric.RSS);
        }
        if (setting.size() == MEGABYTE) {
            report.judge(Target.CPU_PER_BIG_CALL, rounds.ratio(Metric.CPU_PER_CALL));
        }
    }

    /// A gateway that keeps no ledger, or half of one, would be cheaper and would not be the product.
    private void countLedger(Stage stage, Report report) throws IOException {
        Stage.pause(Duration.ofSeconds(2));
        var lines = Gateway.ledgerLines(stage);
        report.note("ledger: %,d lines for %,.0f calls".formatted(lines, calls));
        if (lines < calls) {
            report.failed(
                    "calls",
                    "sluice's ledger has %,d lines for %,.0f calls: these are not governed calls"
                            .formatted(lines, calls));
        }
    }
}
