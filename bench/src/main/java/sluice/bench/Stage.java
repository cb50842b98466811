package sluice.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/// Where a run takes place: the machine, a scratch folder, and every process that was started.
/// Closing it, or losing the terminal, leaves neither processes nor files.
final class Stage implements AutoCloseable {
    private static final Duration START_WITHIN = Duration.ofSeconds(30);
    final Machine machine;
    final Options options;
    private final Path scratch;
    private final Deque<Running> started = new ArrayDeque<>();
    private boolean closed;

    private Stage(Machine machine, Options options, Path scratch) {
        this.machine = machine;
        this.options = options;
        this.scratch = scratch;
    }

    static Stage open(Machine machine, Options options) throws IOException {
        var stage = new Stage(machine, options, Files.createTempDirectory("sluice-bench-"));
        Runtime.getRuntime().addShutdownHook(new Thread(stage::close));
        return stage;
    }

    /// nginx first: every ratio is to it.
    List<Subject> subjects(int upstreamPort) throws IOException {
        var nginx = Nginx.proxy(this, upstreamPort);
        return options.nginxOnly()
                ? List.of(nginx)
                : List.of(nginx, Gateway.subject(this, upstreamPort));
    }

    /// Starts a subject on its own core and waits until it answers a call.
    Running ready(Subject subject) throws IOException {
        var running = start(subject, machine.subjectCore());
        awaitFirstAnswer(running);
        return running;
    }

    synchronized Running start(Subject subject, String cores) throws IOException {
        if (closed) {
            throw new IOException("the bench is ending");
        }
        var log = log(subject.name());
        var builder = new ProcessBuilder(machine.on(cores, subject.command()));
        builder.environment().putAll(subject.environment());
        builder.redirectErrorStream(true).redirectOutput(log.toFile());
        var running = new Running(subject, builder.start());
        started.push(running);
        return running;
    }

    /// Asks without pause until the first 200, as a rolling restart would.
    void awaitFirstAnswer(Running running) throws IOException {
        var deadline = System.nanoTime() + START_WITHIN.toNanos();
        var body = Body.ofSize(512, false);
        var last = "nothing listened";
        while (System.nanoTime() < deadline && running.alive()) {
            try {
                var answer = Call.post(running.port, body);
                if (answer.status() == 200) {
                    return;
                }
                last = "answered " + answer;
            } catch (IOException notYet) {
                pause(Duration.ofMillis(2));
            }
        }
        throw new IOException(
                "%s gave no 200 on port %d: %s\n%s"
                        .formatted(running.name, running.port, last, tail(log(running.name))));
    }

    /// Runs a tool to its end and returns what it said.
    String said(Subject tool, String cores, Duration within) throws IOException {
        var running = start(tool, cores);
        try {
            if (!running.ended(within)) {
                throw new IOException(tool.name() + " did not end within " + within);
            }
            return Files.readString(log(tool.name()));
        } finally {
            stop(running);
        }
    }

    Path folder(String name) throws IOException {
        return Files.createDirectories(scratch.resolve(name));
    }

    private Path log(String name) {
        return scratch.resolve(name + ".log");
    }

    synchronized void stop(Running running) {
        running.close();
        started.remove(running);
    }

    synchronized void clear() {
        started.forEach(Running::close);
        started.clear();
    }

    @Override
    public synchronized void close() {
        closed = true;
        clear();
        try {
            remove(scratch);
        } catch (IOException | UncheckedIOException alreadyGone) {
            return;
        }
    }

    /// A folder with everything in it.
    void remove(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (var files = Files.walk(folder)) {
                files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
            }
        }
    }

    static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CannotRun("interrupted");
        }
    }

    private static String tail(Path log) throws IOException {
        var lines = Files.exists(log) ? Files.readAllLines(log) : List.<String>of();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 15), lines.size()));
    }
}
