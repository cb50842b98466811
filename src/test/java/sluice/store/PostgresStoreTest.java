package sluice.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PostgresStoreTest extends StoreContract {
    /// Databases that a test has left as it found them. Making one takes longer than most tests.
    private static final Deque<String> CLEAN = new ArrayDeque<>();

    private final PostgresServer server = PostgresServer.get();
    private final String database = CLEAN.isEmpty() ? server.newStore() : CLEAN.pop();

    @Override
    Store open() {
        return Stores.postgresql(server.url(database));
    }

    @Override
    Connection connect() throws SQLException {
        return server.connect(database);
    }

    @Override
    Migrations migrations() {
        return Migrations.POSTGRESQL;
    }

    @AfterEach
    void cleanUp() throws SQLException {
        store.close();
        try (var connection = connect()) {
            if (history(connection).equals("1")) {
                Sql.update(
                        connection,
                        """
                        TRUNCATE objects, keys, changes, kept, journals, accounts, names, spend, spend_of_callers,
                            spend_of_callers_by_model, spend_of_teams, spend_of_customers RESTART IDENTITY
                        """);
                Sql.update(connection, "UPDATE revision SET value = 0");
                CLEAN.push(database);
            }
        }
    }

    /// Which migrations are as they were.
    private String history(Connection connection) throws SQLException {
        var checksum = migrations().checksum(migrations().scripts().getFirst());
        return Sql.one(
                        connection,
                        row -> row.getString(1),
                        "SELECT COALESCE(string_agg(version, ' '), 'none') FROM sluice_schema_history WHERE success AND checksum = ?",
                        checksum)
                .orElseThrow();
    }

    @Test
    void bothFormsOfAnAddressAreAccepted() {
        try (var other =
                Stores.postgresql(
                        "jdbc:postgresql://127.0.0.1:%d/%s?user=sluice&password=p%%40ss/w?rd:%%25&sslmode=disable"
                                .formatted(server.port(), database))) {
            other.ping();
        }
        try (var other =
                Stores.postgresql(
                        server.url(database)
                                + "?sslmode=prefer&application_name=mine&target_session_attrs=read-write")) {
            other.ping();
        }
    }

    @Test
    void severalGatewaysMayStartAtATimeAndShareOne() throws Exception {
        var fresh = server.emptyDatabase();
        var stores = together(4, _ -> Stores.postgresql(server.url(fresh)));
        stores.get(0).put(team("research", "{}"), 0);
        assertThat(stores.get(3).objects()).hasSize(1);
        assertThat(stores.get(2).revision()).isEqualTo(1);
        stores.forEach(Store::close);
    }

    @Test
    void gatewaysBookOnTheSameAccountsWithoutWaitingInACircle() throws Exception {
        try (var other = open()) {
            together(
                    8,
                    node -> {
                        var one = node % 2 == 0 ? store : other;
                        for (int at = 1; at <= 10; at++) {
                            one.book(
                                    new SpendBatch(
                                            Map.of(),
                                            node % 2 == 0
                                                    ? accounts("a", "b")
                                                    : accounts("b", "a")),
                                    "node-" + node,
                                    at);
                        }
                        return node;
                    });
        }
        var sums = new ArrayList<AccountSpend>();
        store.accounts(MONDAY, sums::add);
        assertThat(sums).extracting(AccountSpend::amount).containsExactly(80L, 80L);
    }

    private static List<AccountSpend> accounts(String one, String other) {
        return List.of(new AccountSpend(one, MONDAY, 1), new AccountSpend(other, MONDAY, 1));
    }

    @Test
    void knownNamesUseUpNoNumbers() throws SQLException {
        var spender = new Spender(1, "k", "t", "c", "u", "m", "x");
        for (int at = 1; at <= 5; at++) {
            store.book(
                    new SpendBatch(Map.of(spender, new Spent(1, 0, 0, 0, 0, 0, 0)), List.of()),
                    "node",
                    at);
        }
        try (var connection = connect()) {
            assertThat(
                            Sql.one(
                                    connection,
                                    row -> row.getLong(1),
                                    "SELECT last_value FROM names_number_seq"))
                    .contains(6L);
        }
    }

    @Test
    void aStatementThatTakesTooLongIsGivenUp() throws SQLException {
        var limits = new PostgresLimits(2, Duration.ofSeconds(2), Duration.ofSeconds(1));
        try (var impatient = Stores.postgresql(server.url(database), limits);
                var other = connect()) {
            other.setAutoCommit(false);
            Sql.update(other, "UPDATE revision SET value = value");
            assertThatThrownBy(() -> impatient.put(team("research", "{}"), 0))
                    .isInstanceOf(StoreUnavailable.class)
                    .hasMessageContaining("statement timeout");
            other.rollback();
            assertThat(impatient.put(team("research", "{}"), 0)).isPresent();
        }
    }

    @Test
    void aServerThatIsGoneIsNoticedAndFoundAgain() throws SQLException {
        store.ping();
        try (var connection = server.connect("postgres")) {
            Sql.update(connection, "ALTER DATABASE " + database + " ALLOW_CONNECTIONS false");
            Sql.list(
                    connection,
                    row -> row.getString(1),
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ?",
                    database);
        }
        assertThatThrownBy(() -> store.ping())
                .isInstanceOf(StoreUnavailable.class)
                .hasMessageContaining("/" + database + " failed")
                .satisfies(PostgresStoreTest::holdsNoPassword);
        try (var connection = server.connect("postgres")) {
            Sql.update(connection, "ALTER DATABASE " + database + " ALLOW_CONNECTIONS true");
        }
        store.ping();
    }

    @Test
    void nobodyThereIsUnavailable() throws IOException {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        assertThatThrownBy(
                        () -> Stores.postgresql("postgresql://a:secret@127.0.0.1:" + port + "/b"))
                .isInstanceOf(StoreUnavailable.class)
                .hasMessageContaining(
                        "the store postgresql://127.0.0.1:" + port + "/b does not answer")
                .satisfies(thrown -> assertThat(trace(thrown)).doesNotContain("secret"));
    }

    @Test
    void wrongCredentialsAndMissingDatabasesAreRefused() {
        var url = "postgresql://sluice:secret@127.0.0.1:" + server.port() + "/" + database;
        assertThatThrownBy(() -> Stores.postgresql(url))
                .isInstanceOf(StoreRefused.class)
                .hasMessageContaining("password authentication failed")
                .satisfies(thrown -> assertThat(trace(thrown)).doesNotContain("secret"));
        assertThatThrownBy(() -> Stores.postgresql(server.url("nowhere")))
                .isInstanceOf(StoreRefused.class)
                .hasMessageContaining("\"nowhere\" does not exist")
                .satisfies(PostgresStoreTest::holdsNoPassword);
    }

    @Test
    void whatTheServerSaysOfARowIsNotRepeated() throws SQLException {
        store.put(key("one", 77, "{}"), 0);
        try (var database = database();
                var pool = connect()) {
            assertThat(pool.isValid(1)).isTrue();
            assertThatThrownBy(() ->
                            database.<Integer>write(connection ->
                                    Sql.update(
                                            connection,
                                            "INSERT INTO keys SELECT 'two', hash, replaced_hash,"
                                                    + " replaced_until, disabled, expires_at, team,"
                                                    + " customer, user_id, document, version,"
                                                    + " created_at, updated_at, updated_by FROM keys")))
                    .isInstanceOf(StoreUnavailable.class)
                    .hasMessageContaining("keys_hash_key")
                    .hasMessageNotContaining("\\x");
        }
    }

    private PostgresDatabase database() {
        return PostgresDatabase.open(
                PostgresUrl.parse(server.url(database)),
                PostgresLimits.USUAL,
                Migrations.POSTGRESQL);
    }

    @Test
    void somebodyElsesDatabaseIsRefusedAndLeftAlone() throws SQLException {
        var theirs = server.emptyDatabase();
        try (var connection = server.connect(theirs)) {
            Sql.update(connection, "CREATE TABLE invoices (id integer)");
        }
        assertThatThrownBy(() -> Stores.postgresql(server.url(theirs)))
                .isInstanceOf(StoreRefused.class)
                .hasMessageContaining("'invoices'")
                .satisfies(PostgresStoreTest::holdsNoPassword);
        try (var connection = server.connect(theirs)) {
            assertThat(tables(connection)).containsExactly("invoices");
        }
    }

    @Test
    void aMigrationThatFailsStopsTheStartAndChangesNothing() throws SQLException {
        var fresh = server.emptyDatabase();
        var broken =
                new Migrations(
                        "broken-postgresql",
                        List.of("V1__objects_keys_and_spend.sql", "V2__broken.sql"),
                        Migrations.POSTGRESQL.tables());
        var url = PostgresUrl.parse(server.url(fresh));
        for (int start = 0; start < 2; start++) {
            assertThatThrownBy(() -> PostgresDatabase.open(url, PostgresLimits.USUAL, broken))
                    .isInstanceOf(StoreRefused.class)
                    .hasMessageContaining("could not be brought to version 2")
                    .hasMessageContaining("\"nowhere\" does not exist")
                    .satisfies(PostgresStoreTest::holdsNoPassword);
        }
        try (var connection = server.connect(fresh)) {
            assertThat(tables(connection)).containsExactlyInAnyOrder("one", Migrations.HISTORY);
        }
    }

    private static List<String> tables(Connection connection) throws SQLException {
        return Sql.list(connection, row -> row.getString(1), Migrations.POSTGRESQL.tables());
    }

    @Test
    void allScriptsAreListed() throws Exception {
        SqliteStoreTest.assertListed(Migrations.POSTGRESQL);
    }

    private static void holdsNoPassword(Throwable thrown) {
        assertThat(trace(thrown)).doesNotContain(PostgresServer.PASSWORD, "p%40ss", "w?rd");
    }

    private static String trace(Throwable thrown) {
        var text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
