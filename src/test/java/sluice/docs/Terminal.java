package sluice.docs;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// A process that stays: what it has said so far, and its end.
final class Terminal implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process process;
    private final Path log;
    private final List<String> lines = new ArrayList<>();
    private boolean over;

    /// @param log where the process writes what is not on its standard output
    static Terminal open(ProcessBuilder builder, Path log) throws IOException {
        return new Terminal(builder.redirectError(log.toFile()).start(), log);
    }

    private Terminal(Process process, Path log) {
        this.process = process;
        this.log = log;
        Thread.ofVirtual().name("terminal").start(this::listen);
    }

    private void listen() {
        try (var reader = process.inputReader()) {
            listen(reader);
        } catch (IOException closed) {
            // The end is the end.
        } finally {
            synchronized (this) {
                over = true;
                notifyAll();
            }
        }
    }

    private void listen(BufferedReader reader) throws IOException {
        for (var line = reader.readLine(); line != null; line = reader.readLine()) {
            synchronized (this) {
                lines.add(line);
                notifyAll();
            }
        }
    }

    /// Waits for a line.
    String line(Predicate<String> wanted) throws InterruptedException {
        return await(seen -> seen.stream().anyMatch(wanted)).stream()
                .filter(wanted)
                .findFirst()
                .orElseThrow();
    }

    /// Waits until so many lines were said.
    List<String> lines(int count) throws InterruptedException {
        return await(seen -> seen.size() >= count);
    }

    private synchronized List<String> await(Predicate<List<String>> enough)
            throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!enough.test(lines)) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (over || left <= 0) {
                throw new AssertionError(
                        (over ? "it ended" : "nothing more came") + " after:\n" + text());
            }
            wait(left);
        }
        return List.copyOf(lines);
    }

    private String text() {
        try {
            return String.join("\n", lines) + "\n" + Files.readString(log);
        } catch (IOException gone) {
            return String.join("\n", lines);
        }
    }

    /// Stops the process with everything that it started, and waits for all to be gone.
    @Override
    public void close() {
        var all = Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
        all.forEach(ProcessHandle::destroy);
        for (var one : all) {
            if (!hasEnded(one)) {
                one.destroyForcibly();
                throw new AssertionError("it did not stop: " + text());
            }
        }
    }

    private static boolean hasEnded(ProcessHandle one) {
        return Optional.ofNullable(
                        one.onExit()
                                .completeOnTimeout(null, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                                .join())
                .isPresent();
    }
}
