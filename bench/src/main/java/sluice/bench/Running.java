package sluice.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A started subject, read from outside through /proc. A subject is its whole process tree: the
/// nginx master with its worker, a launcher script with the JVM it left behind.
final class Running implements AutoCloseable {
    static final double TICKS_PER_SECOND = 100; // USER_HZ, fixed by the kernel's interface
    final String name;
    final int port;
    private final Process process;

    Running(Subject subject, Process process) {
        this.name = subject.name();
        this.port = subject.port();
        this.process = process;
    }

    boolean alive() {
        return process.isAlive();
    }

    void move(String cores) {
        tree().forEach(each -> Machine.move(each, cores));
    }

    boolean ended(Duration within) {
        try {
            return process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// User and system time of all threads, living and ended, in steps of 10 ms.
    double cpuSeconds() {
        return tree().mapToDouble(Running::cpuSeconds).sum();
    }

    /// What the JVM's compilers used of it; 0 for who has none.
    double compilerSeconds() {
        return tree().mapToDouble(Running::compilerSeconds).sum();
    }

    double rssMegabytes() {
        return tree().mapToDouble(each -> status(each, "VmRSS:")).sum();
    }

    /// The most it held since `forgetPeak`.
    double peakMegabytes() {
        return tree().mapToDouble(each -> status(each, "VmHWM:")).sum();
    }

    void forgetPeak() throws IOException {
        for (var each : tree().toList()) {
            Files.writeString(proc(each, "clear_refs"), "5");
        }
    }

    /// Whether a file of this ending is part of its memory.
    boolean maps(String ending) {
        return tree().anyMatch(each -> maps(each, ending));
    }

    @Override
    public void close() {
        var all = tree().toList();
        process.destroy(); // the root ends its own, and so their CPU is counted as its children's
        ended(Duration.ofSeconds(3));
        all.stream().filter(ProcessHandle::isAlive).forEach(ProcessHandle::destroyForcibly);
    }

    private Stream<ProcessHandle> tree() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants());
    }

    private static double cpuSeconds(ProcessHandle each) {
        return cpuSeconds(proc(each, "stat"));
    }

    private static double cpuSeconds(Path file) {
        try {
            var stat = Files.readString(file);
            // The second field is the command in brackets and may hold spaces: count after it.
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
        } catch (IOException ended) {
            return 0;
        }
    }

    private static double compilerSeconds(ProcessHandle each) {
        try (var threads = Files.list(proc(each, "task"))) {
            return threads.filter(Running::isCompiler)
                    .mapToDouble(thread -> cpuSeconds(thread.resolve("stat")))
                    .sum();
        } catch (IOException ended) {
            return 0;
        }
    }

    private static boolean isCompiler(Path thread) {
        try {
            return Files.readString(thread.resolve("comm")).matches("C[12] Compiler.*\\R?");
        } catch (IOException ended) {
            return false;
        }
    }

    private static boolean maps(ProcessHandle each, String ending) {
        try (var lines = Files.lines(proc(each, "maps"))) {
            return lines.anyMatch(line -> line.endsWith(ending));
        } catch (IOException | UncheckedIOException ended) {
            return false;
        }
    }

    private static double status(ProcessHandle each, String name) {
        try {
            return kilobytes(Files.readAllLines(proc(each, "status")), name) / 1024;
        } catch (IOException ended) {
            return 0;
        }
    }

    private static double kilobytes(List<String> status, String name) {
        return status.stream()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")))
                .sum();
    }

    private static Path proc(ProcessHandle each, String file) {
        return Path.of("/proc", Long.toString(each.pid()), file);
    }
}
