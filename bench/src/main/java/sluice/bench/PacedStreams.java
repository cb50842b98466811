package sluice.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What a stream costs while a model talks: CPU per frame, the delay a frame gains, memory, and
/// whether every frame arrives, in order.
final class PacedStreams implements Part {
    private static final Duration OPENING = Duration.ofSeconds(1);
    private static final int MANY = 1_000;
    private final boolean quick;

    PacedStreams(boolean quick) {
        this.quick = quick;
    }

    @Override
    public String name() {
        return "streams";
    }

    @Override
    public void measure(Stage stage, Report report) throws IOException {
        try (var upstream = new PacedUpstream()) {
            var subjects = new ArrayList<Running>();
            for (var subject : stage.subjects(upstream.port())) {
                subjects.add(stage.ready(subject));
            }
            warmUp(upstream, subjects, report);
            for (var streams : quick ? List.of(MANY) : List.of(100, MANY)) {
                measure(streams, upstream, subjects, report);
            }
        }
    }

    /// The floor is heard once as well, so that the load's own code is compiled too. What a stream does once is compiled
    /// after thousands of streams, so the gateway carries them until its CPU per frame stands still.
    private void warmUp(PacedUpstream upstream, List<Running> subjects, Report report)
            throws IOException {
        PacedLoad.run(upstream.port(), MANY / 2, OPENING);
        for (var subject : subjects) {
            if (!subject.name.equals(Gateway.NAME)) {
                continue;
            }
            var times = 0;
            var still = 0;
            for (var last = 0.0; times < atLeast() || (still < 2 && times < atMost()); times++) {
                var before = subject.cpuSeconds();
                var frames = PacedLoad.run(subject.port, MANY, OPENING).frames();
                var now = (subject.cpuSeconds() - before) / frames;
                still = now > 0.95 * last ? still + 1 : 0;
                last = now;
            }
            report.note("sluice was warmed with %d x %,d streams".formatted(times, MANY));
        }
    }

    private int atLeast() {
        return quick ? 3 : 8;
    }

    private int atMost() {
        return quick ? 3 : 20;
    }

    private void measure(int streams, PacedUpstream upstream, List<Running> subjects, Report report)
            throws IOException {
        var setting = "%,d streams of %d frames".formatted(streams, Frames.COUNT);
        Bench.progress("streams: " + setting);
        var direct = new Rounds();
        delays(direct, Nginx.DIRECT, PacedLoad.run(upstream.port(), streams, OPENING));
        var rounds = new Rounds();
        for (var round = 0; round < (quick ? 1 : 3); round++) {
            for (var subject : subjects) {
                subject.forgetPeak();
                var before = subject.cpuSeconds();
                var seen = PacedLoad.run(subject.port, streams, OPENING);
                var spent = subject.cpuSeconds() - before;
                rounds.add(Metric.CPU_PER_FRAME, subject.name, spent * 1e6 / seen.frames());
                delays(rounds, subject.name, seen);
                rounds.add(Metric.PEAK_RSS, subject.name, subject.peakMegabytes());
                whole(setting, subject, seen, report);
            }
        }
        report.row("streams", setting + ", direct", direct);
        report.row("streams", setting, rounds);
        report.judge(Target.CPU_PER_FRAME, rounds.ratio(Metric.CPU_PER_FRAME));
        if (streams == MANY) {
            report.judge(Target.STREAMS_RSS, rounds, Metric.PEAK_RSS);
        }
    }

    private static void delays(Rounds rounds, String name, PacedLoad.Seen seen) {
        rounds.add(Metric.P50, name, seen.delayMicros(50));
        rounds.add(Metric.P99, name, seen.delayMicros(99));
        rounds.add(Metric.P999, name, seen.delayMicros(99.9));
    }

    private static void whole(String setting, Running subject, PacedLoad.Seen seen, Report report) {
        var lost = seen.streams() - seen.complete();
        if (lost > 0) {
            report.note(
                    "%s through %s: %d not whole; the first: %s"
                            .formatted(setting, subject.name, lost, seen.problem()));
        }
        if (subject.name.equals(Gateway.NAME) && seen.streams() == MANY) {
            report.judge(Target.STREAMS_LOST, lost);
        }
    }
}
