package sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.call.ModelName;
import sluice.config.Loaded;
import sluice.config.ServerConfig;
import sluice.config.StoreConfig;
import sluice.ledger.Commitment;
import sluice.ledger.Shares;
import sluice.loop.Carrier;
import sluice.store.SpendQuery;

/// What outlives a start, as files.
class BooksTest {
    @TempDir private Path directory;

    private Books open() {
        return Books.open(
                new StoreConfig(
                        new StoreConfig.Kind.Embedded(),
                        directory,
                        Optional.empty(),
                        Duration.ofMillis(50),
                        64 << 20,
                        true,
                        Duration.ofMinutes(10),
                        Duration.ofDays(800)),
                Clock.systemUTC());
    }

    @Test
    void severalGatewaysShareAStoreAndNoJournal() {
        try (var first = open();
                var second = open()) {
            assertThat(directory.resolve("gateway-1/journal")).isNotEmptyDirectory();
            assertThat(directory.resolve("gateway-2/journal")).isNotEmptyDirectory();
            assertThat(second.hasher().hash("a key")).isEqualTo(first.hasher().hash("a key"));
        }
        try (var again = open()) {
            assertThat(again.refusal()).isEmpty();
            assertThat(directory.resolve("gateway-3")).doesNotExist();
        }
    }

    /// The second one's journal is taken up by the next to start, whoever that is.
    @Test
    void whatAnotherLeftIsBooked() throws IOException {
        try (var first = open()) {
            try (var second = open()) {
                second.journal()
                        .held(
                                new Commitment(
                                        "a-call",
                                        Clock.systemUTC().millis(),
                                        "key",
                                        "",
                                        "",
                                        "",
                                        new ModelName("workspace", "model"),
                                        10,
                                        5,
                                        700,
                                        false),
                                NO_SHARES);
            }
            assertThat(first.refusal()).isEmpty();
        }
        try (var next = open()) {
            var today = LocalDate.now(ZoneOffset.UTC);
            var spent =
                    next.store()
                            .spend(new SpendQuery(today.minusDays(1), today, List.of(), Map.of()));
            assertThat(spent)
                    .singleElement()
                    .extracting(row -> row.spent().nanoDollars())
                    .isEqualTo(700L);
            assertThat(spent.getFirst().spent().estimated()).isEqualTo(1);
        }
    }

    private static final Shares NO_SHARES =
            new Shares() {
                @Override
                public int count() {
                    return 0;
                }

                @Override
                public String account(int share) {
                    throw new IndexOutOfBoundsException(share);
                }

                @Override
                public long period(int share) {
                    throw new IndexOutOfBoundsException(share);
                }

                @Override
                public long held(int share) {
                    throw new IndexOutOfBoundsException(share);
                }

                @Override
                public long used(int share) {
                    throw new IndexOutOfBoundsException(share);
                }
            };

    @Test
    void aGatewayThatCannotListenGivesItsDirectoryBack() throws IOException {
        try (var other = TestGateway.start();
                var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            if (!(other.load() instanceof Loaded.Good(var good, var _))) {
                throw new AssertionError("a good file");
            }
            var address = new ServerConfig.ListenAddress("127.0.0.1", taken.getLocalPort());
            var configuration =
                    good.withServer(good.server().withListen(address))
                            .withStore(good.store().withDirectory(directory));
            assertThatThrownBy(
                            () -> Gateway.start(configuration, Clock.systemUTC(), Carrier.open()))
                    .isInstanceOf(IllegalStateException.class);
        }
        open().close();
    }

    @Test
    void halfANameOfTheNodeIsMadeAgain() throws IOException {
        open().close();
        var name = Files.readString(directory.resolve("gateway-1/node"));
        open().close();
        assertThat(directory.resolve("gateway-1/node")).hasContent(name);
        Files.writeString(directory.resolve("gateway-1/node"), "");
        open().close();
        assertThat(Files.readString(directory.resolve("gateway-1/node"))).isNotBlank();
    }

    @Test
    void aFailedStartHoldsNothing() throws IOException {
        open().close();
        var strange = directory.resolve("gateway-1/journal/spend-none.journal");
        Files.writeString(strange, "not ours");
        assertThatThrownBy(this::open)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is no segment");
        Files.delete(strange);
        open().close();
    }
}
