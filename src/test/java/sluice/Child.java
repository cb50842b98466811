package sluice;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.spi.ToolProvider;

/// Gateways in processes of their own, so that they can be killed. Their classes are read from an archive that the first
/// of them leaves: a hundred starts must not take minutes.
final class Child {
    private final Path directory;
    private final Path policy;
    private final Map<String, String> environment;
    private final String classPath;
    private final Path archive;

    /// @param directory for what is made here
    /// @param rehearsal is given the port of the first, to do what the others will
    Child(Path directory, Path policy, Map<String, String> environment, IntConsumer rehearsal) {
        this.directory = directory;
        this.policy = policy;
        this.environment = Map.copyOf(environment);
        this.archive = directory.resolve("classes.jsa");
        try {
            this.classPath = classPath();
            learn(rehearsal);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// A process that runs, and where it listens.
    record Running(Process process, int port) implements AutoCloseable {
        /// As {@code kill -9} does.
        void kill() {
            process.destroyForcibly();
            try {
                process.waitFor();
            } catch (InterruptedException stop) {
                throw new IllegalStateException(stop);
            }
        }

        @Override
        public void close() {
            kill();
        }
    }

    Running start() {
        return start("-XX:SharedArchiveFile=" + archive, "-Xlog:cds=off", "-Xlog:cds+dynamic=off");
    }

    /// An archive holds classes of jars only.
    private String classPath() throws IOException {
        var parts = new ArrayList<String>();
        for (var part : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (part.isEmpty()) {
                continue; // a class path may end with nothing
            }
            if (Files.isDirectory(Path.of(part))) {
                var jar = directory.resolve("classes-" + parts.size() + ".jar");
                int code =
                        ToolProvider.findFirst("jar")
                                .orElseThrow()
                                .run(
                                        System.out,
                                        System.err,
                                        "--create",
                                        "--no-compress",
                                        "--file",
                                        jar.toString(),
                                        "-C",
                                        part,
                                        ".");
                if (code != 0) {
                    throw new IOException("no jar of " + part);
                }
                parts.add(jar.toString());
            } else {
                parts.add(part);
            }
        }
        return String.join(File.pathSeparator, parts);
    }

    private void learn(IntConsumer rehearsal) throws IOException {
        var running = start("-XX:ArchiveClassesAtExit=" + archive, "-Xlog:cds=off");
        try (var first = running.process().getOutputStream()) {
            rehearsal.accept(running.port());
            first.write('q');
            first.flush();
            if (running.process().waitFor() != 0) {
                throw new IOException("the first one failed");
            }
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        } finally {
            running.close();
        }
    }

    private Running start(String... more) {
        var command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xms32m",
                                "-Xmx128m",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-XX:-UsePerfData",
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "--add-opens=java.base/java.lang=ALL-UNNAMED"));
        command.addAll(List.of(more));
        command.addAll(List.of("-cp", classPath, KilledGateway.class.getName(), policy.toString()));
        var builder =
                new ProcessBuilder(command)
                        .redirectError(
                                ProcessBuilder.Redirect.appendTo(
                                        directory.resolve("log").toFile()));
        builder.environment().putAll(environment);
        builder.environment().put("SLUICE_LOG_LEVEL", "WARN");
        try {
            var process = builder.start();
            var line = process.inputReader(UTF_8).readLine();
            if (line == null) {
                process.destroyForcibly();
                throw new IllegalStateException("no gateway: " + log());
            }
            return new Running(process, Integer.parseInt(line));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// What they all said.
    String log() {
        try {
            return Files.readString(directory.resolve("log"));
        } catch (IOException none) {
            return "";
        }
    }
}
