package sluice.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Measures the gateway beside nginx, on one loop each and in one run. Read this file first.
///
/// Ends with 0 when everything was measured, whatever the verdicts; 1 when a part could not be; 2
/// when the bench cannot run here.
public final class Bench {
    private static final Duration AT_MOST = Duration.ofMinutes(12);

    private Bench() {}

    public static void main(String[] arguments) throws IOException {
        if (List.of(arguments).contains("--help")) {
            System.out.print(Options.USAGE);
            return;
        }
        try {
            var root = Path.of(System.getProperty("sluice.root", "."));
            System.exit(run(Options.parse(root, arguments)));
        } catch (CannotRun stopped) {
            System.err.println(stopped.getMessage());
            System.exit(2);
        }
    }

    private static int run(Options options) throws IOException {
        var machine = Machine.inspect();
        var report = new Report(machine.text());
        endAfter(AT_MOST);
        machine.stepAside();
        var begin = System.nanoTime();
        var others = Machine.othersSeconds();
        try (var stage = Stage.open(machine, options)) {
            for (var part : parts(options)) {
                measure(part, stage, report);
            }
        }
        quiet(machine, Machine.othersSeconds() - others, (System.nanoTime() - begin) / 1e9, report);
        method(machine, options, report);
        write(options, report);
        return report.complete() ? 0 : 1;
    }

    private static List<Part> parts(Options options) {
        return List.of(
                        new PlainCalls(options.quick()),
                        new TranslatedCalls(options.quick()),
                        new PacedStreams(options.quick()),
                        new BigCall(options.quick()),
                        new ColdStart(options.quick()),
                        new Warming(options.quick()))
                .stream()
                .filter(part -> options.asksFor(part.name()))
                .toList();
    }

    private static void measure(Part part, Stage stage, Report report) {
        progress(part.name());
        try {
            part.measure(stage, report);
        } catch (IOException failed) {
            report.failed(part.name(), failed.getMessage());
        } finally {
            stage.clear();
        }
    }

    private static void quiet(Machine machine, double others, double seconds, Report report) {
        report.note(
                ("others used %.0f %% of the machine during the run, "
                                + "which took %.0f s; from about 5 %% on, leave the tails alone")
                        .formatted(Math.max(0, 100 * others / seconds / machine.cores()), seconds));
    }

    private static void method(Machine machine, Options options, Report report) {
        report.note(
                machine.pinned()
                        ? ("what is measured has core %s, load and upstream have core %s;"
                                        + " 1 at a time shares one core, cold start has all")
                                .formatted(machine.subjectCore(), machine.loadCores())
                        : "one core for everything: load and upstream disturb what is measured");
        report.note(
                "cells read nginx / sluice (sluice to nginx); medians over the rounds,"
                        + " the ratio taken round by round");
        report.note("nginx: one worker, kept connections, bodies in memory, buffered access log");
        report.note("sluice: one loop, key checked, ledger written; its CPU includes GC and JIT");
        report.note("KB is 1,024 bytes, MB 1,048,576" + (options.quick() ? "; a quick run" : ""));
    }

    private static void write(Options options, Report report) throws IOException {
        System.out.print(report.markdown());
        if (options.markdown().isPresent()) {
            Files.writeString(options.markdown().get(), report.markdown());
        }
        if (options.json().isPresent()) {
            Files.writeString(options.json().get(), report.json() + "\n");
        }
    }

    static void progress(String doing) {
        System.err.println("  " + doing);
    }

    private static void endAfter(Duration time) {
        Thread.ofPlatform()
                .daemon()
                .start(() -> {
                    Stage.pause(time);
                    System.err.println("The bench gave up after " + time.toMinutes() + " minutes.");
                    System.exit(1);
                });
    }
}
