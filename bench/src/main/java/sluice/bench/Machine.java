package sluice.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// The machine as the bench finds it: its tools, and its cores shared out between the two sides.
///
/// `subjectCore` is for what is being measured, `loadCores` for everything else. Both are all
/// cores when there is only one; the numbers then say less, and the report says so.
record Machine(
        Path nginx,
        Path wrk,
        int cores,
        String subjectCore,
        String loadCores,
        String allCores,
        String text) {

    static Machine inspect() {
        if (!Files.isDirectory(Path.of("/proc/self"))) {
            throw new CannotRun(
                    "The bench reads CPU and memory from /proc, so it runs on Linux only.");
        }
        var nginx = find("nginx");
        var wrk = find("wrk");
        if (nginx.isEmpty() || wrk.isEmpty() || find("taskset").isEmpty()) {
            throw new CannotRun(
                    "The bench needs nginx, wrk and taskset: apt-get install nginx wrk util-linux");
        }
        var cores = allowedCores();
        var all = String.join(",", cores);
        var pinned = cores.size() > 1;
        return new Machine(
                nginx.get(),
                wrk.get(),
                cores.size(),
                pinned ? cores.getFirst() : all,
                pinned ? String.join(",", cores.subList(1, cores.size())) : all,
                all,
                describe(nginx.get(), cores));
    }

    boolean pinned() {
        return !subjectCore.equals(loadCores);
    }

    List<String> on(String cores, List<String> command) {
        var pinned = new ArrayList<>(List.of("taskset", "-c", cores));
        pinned.addAll(command);
        return List.copyOf(pinned);
    }

    /// Moves this process, which carries the load, off the core of what is measured.
    void stepAside() {
        move(ProcessHandle.current(), loadCores);
    }

    static void move(ProcessHandle process, String cores) {
        say(List.of("taskset", "-acp", cores, Long.toString(process.pid())));
    }

    /// CPU that everything but the bench and its children has used, since the machine started. It
    /// counts a child once it has ended.
    static double othersSeconds() {
        try {
            var all = Files.readAllLines(Path.of("/proc/stat")).getFirst().split(" +");
            var self = Files.readString(Path.of("/proc/self/stat"));
            var own = self.substring(self.lastIndexOf(')') + 2).split(" ");
            // user, nice, system, irq, softirq, steal; then own and ended children, user and system
            var busy = sum(all, 1, 2, 3, 6, 7, 8) - sum(own, 11, 12, 13, 14);
            return busy / Running.TICKS_PER_SECOND;
        } catch (IOException unreadable) {
            return Double.NaN;
        }
    }

    private static double sum(String[] fields, int... which) {
        return Arrays.stream(which).mapToDouble(each -> Double.parseDouble(fields[each])).sum();
    }

    private static Optional<Path> find(String name) {
        var path = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/usr/local/sbin";
        for (var folder : path.split(":")) {
            var file = Path.of(folder).resolve(name);
            if (!folder.isEmpty() && Files.isExecutable(file)) {
                return Optional.of(file);
            }
        }
        return Optional.empty();
    }

    /// The cores this process may use, written out: `0-2,5` becomes 0, 1, 2, 5.
    private static List<String> allowedCores() {
        var cores = new ArrayList<String>();
        for (var range : lineOf(Path.of("/proc/self/status"), "Cpus_allowed_list").split(",")) {
            var ends = range.strip().split("-");
            var last = Integer.parseInt(ends[ends.length - 1]);
            for (var core = Integer.parseInt(ends[0]); core <= last; core++) {
                cores.add(Integer.toString(core));
            }
        }
        return cores;
    }

    private static String describe(Path nginx, List<String> cores) {
        return "%s, %d cores, Linux %s; nginx %s; bench on Java %s"
                .formatted(
                        lineOf(Path.of("/proc/cpuinfo"), "model name"),
                        cores.size(),
                        System.getProperty("os.version"),
                        say(List.of(nginx.toString(), "-v")).replaceFirst(".*nginx/", "").strip(),
                        System.getProperty("java.version"));
    }

    private static String lineOf(Path file, String name) {
        try (var lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(name))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElse("unknown");
        } catch (IOException unreadable) {
            throw new CannotRun("cannot read " + file + ": " + unreadable.getMessage());
        }
    }

    private static String say(List<String> command) {
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor(5, TimeUnit.SECONDS);
            return said;
        } catch (IOException | InterruptedException failed) {
            throw new CannotRun("cannot run " + command + ": " + failed.getMessage());
        }
    }
}
