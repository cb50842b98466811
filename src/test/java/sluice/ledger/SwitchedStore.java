package sluice.ledger;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import sluice.store.AccountSpend;
import sluice.store.KeyFilter;
import sluice.store.SpendBatch;
import sluice.store.SpendQuery;
import sluice.store.SpendRow;
import sluice.store.Store;
import sluice.store.StoreUnavailable;
import sluice.store.StoredKey;
import sluice.store.StoredObject;

/// A real store that can be switched off, before a booking or right after one that nobody hears of any more.
final class SwitchedStore implements Store {
    enum Switch {
        ON,
        OFF,
        /// The next booking is kept, and then it is off.
        OFF_BEFORE_IT_ANSWERS
    }

    private final Store store;
    private volatile Switch state = Switch.ON;

    SwitchedStore(Store store) {
        this.store = store;
    }

    void turn(Switch other) {
        state = other;
    }

    private Store there() {
        if (state == Switch.OFF) {
            throw away();
        }
        return store;
    }

    private static StoreUnavailable away() {
        return new StoreUnavailable("it is switched off", new IllegalStateException("off"));
    }

    @Override
    public void book(SpendBatch batch, String node, long position) {
        there().book(batch, node, position);
        if (state == Switch.OFF_BEFORE_IT_ANSWERS) {
            state = Switch.OFF;
            throw away();
        }
    }

    @Override
    public long booked(String node) {
        return there().booked(node);
    }

    @Override
    public void ping() {
        there().ping();
    }

    @Override
    public void accounts(Instant since, Consumer<AccountSpend> each) {
        there().accounts(since, each);
    }

    @Override
    public List<SpendRow> spend(SpendQuery query) {
        return there().spend(query);
    }

    @Override
    public void forget(Instant before) {
        there().forget(before);
    }

    @Override
    public List<StoredObject> objects() {
        return there().objects();
    }

    @Override
    public Optional<StoredObject> object(String kind, String id) {
        return there().object(kind, id);
    }

    @Override
    public Optional<StoredObject> put(StoredObject.Change change, long expected) {
        return there().put(change, expected);
    }

    @Override
    public boolean remove(String kind, String id, long expected, String by, Instant when) {
        return there().remove(kind, id, expected, by, when);
    }

    @Override
    public void keys(Consumer<StoredKey> each) {
        there().keys(each);
    }

    @Override
    public Optional<StoredKey> key(String id) {
        return there().key(id);
    }

    @Override
    public List<StoredKey> keys(KeyFilter filter, String after, int atMost) {
        return there().keys(filter, after, atMost);
    }

    @Override
    public Optional<StoredKey> put(StoredKey key, long expected) {
        return there().put(key, expected);
    }

    @Override
    public boolean removeKey(String id, long expected, String by, Instant when) {
        return there().removeKey(id, expected, by, when);
    }

    @Override
    public long revision() {
        return there().revision();
    }

    @Override
    public byte[] keep(String name, byte[] made) {
        return there().keep(name, made);
    }

    @Override
    public Optional<byte[]> kept(String name) {
        return there().kept(name);
    }

    @Override
    public void close() {
        store.close();
    }
}
