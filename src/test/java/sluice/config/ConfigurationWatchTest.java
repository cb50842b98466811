package sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationWatchTest {
    private static final Duration NEVER = Duration.ofDays(1);

    @TempDir private Path directory;
    private final List<Loaded> handedOn = new ArrayList<>();

    @Test
    void aBadChangeIsHandedOnAsItsFaultsAndAMendedOneAsGood() {
        var operator = new Operator(directory).policy("p.yaml", "ledger: {queue: 1}");
        var watch = watch(operator);
        assertThat(queue(watch.first())).isEqualTo(1);

        operator.policy("p.yaml", "ledger: {queue: 0, max_files: 3}");
        assertThat(watch.checkNow()).isTrue();
        assertThat(handedOn.getLast()).isInstanceOf(Loaded.Faulty.class);

        operator.policy("p.yaml", "ledger: {queue: 2}");
        assertThat(watch.checkNow()).isTrue();
        assertThat(queue(handedOn.getLast())).isEqualTo(2);
        assertThat(handedOn).hasSize(2);
    }

    @Test
    void nothingIsHandedOnWhenContentIsTheSame() throws IOException {
        var operator = new Operator(directory).policy("p.yaml", "ledger: {queue: 1}");
        var watch = watch(operator);

        Files.setLastModifiedTime(operator.path("p.yaml"), FileTime.fromMillis(0));

        assertThat(watch.checkNow()).isFalse();
        assertThat(handedOn).isEmpty();
    }

    @Test
    void aFileThatGoesAndComesBackIsSeenBothTimes() throws IOException {
        var operator = new Operator(directory).policy("p.yaml", "ledger: {queue: 1}");
        var watch = watch(operator);

        Files.delete(operator.path("p.yaml"));
        assertThat(watch.checkNow()).isTrue();
        assertThat(handedOn.getLast()).isInstanceOf(Loaded.Unreadable.class);
        assertThat(watch.checkNow()).isFalse();

        operator.policy("p.yaml", "ledger: {queue: 1}");
        assertThat(watch.checkNow()).isTrue();
        assertThat(queue(handedOn.getLast())).isEqualTo(1);
    }

    @Test
    void anEditorsRenameIsSeen() throws IOException {
        var operator = new Operator(directory).policy("p.yaml", "ledger: {queue: 1}");
        var watch = watch(operator);

        operator.writes("p.yaml.swp", "ledger: {queue: 2}");
        Files.move(
                operator.path("p.yaml.swp"),
                operator.path("p.yaml"),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);

        assertThat(watch.checkNow()).isTrue();
        assertThat(queue(handedOn.getLast())).isEqualTo(2);
    }

    /// As Kubernetes mounts a ConfigMap: the file is a link into a link that is swapped.
    @Test
    void aSwappedDirectoryBehindASymbolicLinkIsSeen() throws IOException {
        for (var version : new String[] {"1", "2"}) {
            Files.createDirectory(directory.resolve("..v" + version));
            Files.writeString(
                    directory.resolve("..v" + version + "/p.yaml"),
                    "ledger: {queue: " + version + "}");
        }
        Files.createSymbolicLink(directory.resolve("..data"), Path.of("..v1"));
        Files.createSymbolicLink(directory.resolve("p.yaml"), Path.of("..data/p.yaml"));
        var watch =
                ConfigurationWatch.over(
                        List.of(directory.resolve("p.yaml")),
                        Environment.EMPTY,
                        NEVER,
                        handedOn::add);
        assertThat(queue(watch.first())).isEqualTo(1);

        Files.createSymbolicLink(directory.resolve("..data_tmp"), Path.of("..v2"));
        Files.move(
                directory.resolve("..data_tmp"),
                directory.resolve("..data"),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);

        assertThat(watch.checkNow()).isTrue();
        assertThat(queue(handedOn.getLast())).isEqualTo(2);
    }

    @Test
    void aRotatedSecretFileIsSeen() {
        var operator =
                new Operator(directory)
                        .writes("key", "the-first-value-of-it")
                        .policy(
                                "p.yaml",
                                "governance: {virtual_keys: [{id: k, key: {file: '%s/key'}}]}"
                                        .formatted(directory));
        var watch = watch(operator);

        operator.writes("key", "the-second-value-of-it\n");

        assertThat(watch.checkNow()).isTrue();
        var key = ((Loaded.Good) handedOn.getLast()).configuration().virtualKeys().getFirst().key();
        assertThat(key.<String>use(value -> value)).isEqualTo("the-second-value-of-it");
    }

    @Test
    void aMissingSecretFileIsSeenWhenItAppears() {
        var operator =
                new Operator(directory)
                        .policy(
                                "p.yaml",
                                "governance: {virtual_keys: [{id: k, key: {file: '%s/key'}}]}"
                                        .formatted(directory));
        var watch = watch(operator);
        assertThat(watch.first()).isInstanceOf(Loaded.Faulty.class);

        operator.writes("key", "here-it-is-at-last");

        assertThat(watch.checkNow()).isTrue();
        assertThat(handedOn.getLast()).isInstanceOf(Loaded.Good.class);
    }

    @Test
    void theThreadLooksByItselfAndSurvivesAListenerThatFails() throws InterruptedException {
        var operator = new Operator(directory).policy("p.yaml", "ledger: {queue: 1}");
        var failed = new CountDownLatch(1);
        var seen = new CountDownLatch(1);
        try (var watch =
                ConfigurationWatch.over(
                        operator.files(),
                        operator.environment(),
                        Duration.ofMillis(5),
                        loaded -> {
                            if (queue(loaded) == 2) {
                                failed.countDown();
                                throw new IllegalStateException("a listener that fails");
                            }
                            seen.countDown();
                        })) {
            watch.start();
            operator.policy("p.yaml", "ledger: {queue: 2}");
            assertThat(failed.await(10, TimeUnit.SECONDS)).isTrue();
            operator.policy("p.yaml", "ledger: {queue: 3}");
            assertThat(seen.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    private ConfigurationWatch watch(Operator operator) {
        return ConfigurationWatch.over(
                operator.files(), operator.environment(), NEVER, handedOn::add);
    }

    private static int queue(Loaded loaded) {
        return ((Loaded.Good) loaded).configuration().ledger().queue();
    }
}
