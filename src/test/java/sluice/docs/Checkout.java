package sluice.docs;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import sluice.cli.Sluice;

/// A checkout as its first build leaves it: the real launchers, around the classes and libraries of this test run. What
/// is typed there is what a newcomer types.
final class Checkout implements AutoCloseable {
    private final Path folder;

    private Checkout(Path folder) {
        this.folder = folder;
    }

    /// Below {@code target}, where a Node module of the checkout proper is found too.
    static Checkout make() throws IOException {
        var target = Files.createDirectories(Path.of("target").toAbsolutePath());
        var checkout = new Checkout(Files.createTempDirectory(target, "checkout-"));
        checkout.copySources();
        checkout.build();
        return checkout;
    }

    Path folder() {
        return folder;
    }

    Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    boolean has(String name) {
        return Files.exists(folder.resolve(name));
    }

    private void copySources() throws IOException {
        Files.createDirectories(folder.resolve("src/main"));
        Files.createDirectories(folder.resolve("src/dist"));
        copy("sluice", "sluice");
        copy("pom.xml", "pom.xml");
        for (var name : List.of("sluice", "find-jdk", "jvm-options")) {
            copy("src/dist/" + name, "src/dist/" + name);
        }
    }

    /// What src/dist/assemble does, without the AOT cache.
    private void build() throws IOException {
        var lib = Files.createDirectories(folder.resolve("target/sluice/lib"));
        for (var name : List.of("sluice", "find-jdk", "jvm-options")) {
            copy("src/dist/" + name, "target/sluice/" + name);
        }
        if (!folder.resolve("target/sluice/sluice").toFile().setExecutable(true)) {
            throw new IOException("cannot make the launcher executable");
        }
        for (var entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            var jar = Path.of(entry).toAbsolutePath();
            if (entry.endsWith(".jar") && Files.exists(jar)) {
                Files.createSymbolicLink(lib.resolve(jar.getFileName()), jar);
            }
        }
        jar(classes(), lib.resolve("sluice.jar"));
        Files.setLastModifiedTime(
                write("target/sluice/built", ""), FileTime.from(Instant.now().plusSeconds(1)));
    }

    private static Path classes() {
        try {
            var place = Sluice.class.getProtectionDomain().getCodeSource().getLocation();
            return Path.of(place.toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void jar(Path classes, Path jar) throws IOException {
        try (var to = new JarOutputStream(Files.newOutputStream(jar));
                var files = Files.walk(classes)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                to.putNextEntry(new ZipEntry(classes.relativize(file).toString()));
                Files.copy(file, to);
                to.closeEntry();
            }
        }
    }

    private void copy(String from, String to) throws IOException {
        Files.copy(Path.of(from), folder.resolve(to), StandardCopyOption.COPY_ATTRIBUTES);
    }

    @Override
    public void close() throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
