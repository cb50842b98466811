package sluice.store;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// The store over a database that speaks SQL. What comes in is checked here, so that both databases take the same; what
/// cannot be there is not looked for.
final class SqlStore implements Store {
    private static final int LONGEST_PAGE = 10_000;
    private static final int LONGEST_KEPT = 65_536;

    private final Database database;

    SqlStore(Database database) {
        this.database = database;
    }

    @Override
    public List<StoredObject> objects() {
        return database.study(ObjectTable::all);
    }

    @Override
    public Optional<StoredObject> object(String kind, String id) {
        if (!Texts.isName(kind) || !Texts.isName(id)) {
            return Optional.empty();
        }
        return database.read(connection -> ObjectTable.one(connection, kind, id));
    }

    @Override
    public Optional<StoredObject> put(StoredObject.Change change, long expected) {
        Texts.checkKind(change.kind());
        Texts.checkName("the id of an object", change.id());
        Texts.checkDocument("'" + change.id() + "'", change.document());
        Texts.checkOptional("the name of who changes an object", change.by());
        return database.write(connection -> ObjectTable.put(connection, change, expected));
    }

    @Override
    public boolean remove(String kind, String id, long expected, String by, Instant when) {
        Texts.checkOptional("the name of who removes an object", by);
        if (!Texts.isName(kind) || !Texts.isName(id)) {
            return false;
        }
        return database.write(
                connection -> ObjectTable.remove(connection, kind, id, expected, by, when));
    }

    @Override
    public void keys(Consumer<StoredKey> each) {
        database.study(connection -> {
            KeyTable.each(connection, each);
            return true;
        });
    }

    @Override
    public Optional<StoredKey> key(String id) {
        if (!Texts.isName(id)) {
            return Optional.empty();
        }
        return database.read(connection -> KeyTable.one(connection, id));
    }

    @Override
    public List<StoredKey> keys(KeyFilter filter, String after, int atMost) {
        if (atMost < 1 || atMost > LONGEST_PAGE) {
            throw new IllegalArgumentException(
                    "a page has 1 to " + LONGEST_PAGE + " keys, got " + atMost);
        }
        Texts.checkOptional("the last id of the page before", after);
        Texts.checkOptional("a team", filter.team());
        Texts.checkOptional("a customer", filter.customer());
        Texts.checkOptional("a user", filter.user());
        return database.read(connection -> KeyTable.page(connection, filter, after, atMost));
    }

    @Override
    public Optional<StoredKey> put(StoredKey key, long expected) {
        Texts.checkName("the id of a key", key.id());
        Texts.checkDocument("the key '" + key.id() + "'", key.document());
        Texts.checkOptional("the team of a key", key.team());
        Texts.checkOptional("the customer of a key", key.customer());
        Texts.checkOptional("the user of a key", key.user());
        Texts.checkOptional("the name of who changes a key", key.updatedBy());
        return database.write(connection -> KeyTable.put(connection, key, expected));
    }

    @Override
    public boolean removeKey(String id, long expected, String by, Instant when) {
        Texts.checkOptional("the name of who removes a key", by);
        if (!Texts.isName(id)) {
            return false;
        }
        return database.write(connection -> KeyTable.remove(connection, id, expected, by, when));
    }

    @Override
    public long revision() {
        return database.read(Changes::revision);
    }

    @Override
    public byte[] keep(String name, byte[] made) {
        Texts.checkName("the name of what is kept", name);
        if (made.length > LONGEST_KEPT) {
            throw new IllegalArgumentException(
                    "'%s' has %d bytes, at most %d are kept"
                            .formatted(name, made.length, LONGEST_KEPT));
        }
        return database.write(connection -> {
            Sql.update(
                    connection,
                    "INSERT INTO kept (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING",
                    name,
                    made);
            return Sql.one(
                            connection,
                            row -> row.getBytes(1),
                            "SELECT value FROM kept WHERE name = ?",
                            name)
                    .orElse(made);
        });
    }

    @Override
    public Optional<byte[]> kept(String name) {
        Texts.checkName("the name of what is kept", name);
        return database.read(connection ->
                Sql.one(
                        connection,
                        row -> row.getBytes(1),
                        "SELECT value FROM kept WHERE name = ?",
                        name));
    }

    @Override
    public void book(SpendBatch batch, String node, long position) {
        Texts.checkName("the name of a node", node);
        if (position < 1) {
            throw new IllegalArgumentException(
                    "a journal is read up to 1 at least when it is booked, got " + position);
        }
        batch.accounts().forEach(each -> Texts.checkName("an account", each.account()));
        database.write(connection -> {
            Bookings.book(connection, batch, node, position);
            return true;
        });
    }

    @Override
    public long booked(String node) {
        Texts.checkName("the name of a node", node);
        return database.read(connection -> Bookings.booked(connection, node));
    }

    @Override
    public void accounts(Instant since, Consumer<AccountSpend> each) {
        database.study(connection -> {
            Bookings.accounts(connection, since, each);
            return true;
        });
    }

    @Override
    public List<SpendRow> spend(SpendQuery query) {
        return database.study(new Spending(query)::rows);
    }

    @Override
    public void forget(Instant before) {
        long day = Math.floorDiv(before.getEpochSecond(), Duration.ofDays(1).toSeconds());
        boolean more = true;
        while (more) {
            more = database.write(connection -> Bookings.forgetDay(connection, day));
        }
        database.write(connection -> {
            Bookings.forgetAccounts(connection, before);
            return true;
        });
    }

    @Override
    public void ping() {
        database.ping();
    }

    @Override
    public void close() {
        database.close();
    }
}
