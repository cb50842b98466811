package sluice.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// The port behind which things rest. Every method may wait for a disk or a network and is called off the loops; it is
/// safe for any thread. What the database refuses or does not answer is a {@link StoreUnavailable}; what cannot be kept
/// because it is too long, or holds NUL or half a surrogate pair, is an {@link IllegalArgumentException}, except for the
/// names of spenders, which are cut and mended. Moments are kept to the microsecond.
public interface Store extends AutoCloseable {

    /// Every object of every kind, by kind and id.
    List<StoredObject> objects();

    Optional<StoredObject> object(String kind, String id);

    /// Writes an object, if it is still as the writer believes.
    ///
    /// @param expected the version that the writer saw; 0 when there was none
    /// @return the object as it is kept now, or nothing when another version is there
    Optional<StoredObject> put(StoredObject.Change change, long expected);

    /// Removes an object, if it is still as the writer believes.
    ///
    /// @return whether it was there in that version
    boolean remove(String kind, String id, long expected, String by, Instant when);

    /// Every key, one after another, without holding all of them at a time.
    void keys(Consumer<StoredKey> each);

    Optional<StoredKey> key(String id);

    /// A page of keys by id.
    ///
    /// @param after the last id of the page before; empty at the beginning
    /// @param atMost from 1 to 10,000
    List<StoredKey> keys(KeyFilter filter, String after, int atMost);

    /// Writes a key, if it is still as the writer believes.
    ///
    /// @param expected as for {@link #put(StoredObject.Change, long)}
    /// @return the key as it is kept now, with its new version, or nothing when another version is there
    /// @throws IllegalArgumentException when another key has the same hash
    Optional<StoredKey> put(StoredKey key, long expected);

    boolean removeKey(String id, long expected, String by, Instant when);

    /// Grows with every change of an object or a key, by whichever gateway; one that sees it grow reads again.
    long revision();

    /// A small thing that is made once and then stays, whoever comes first.
    ///
    /// @param made what it becomes when there is none yet
    /// @return what is kept
    byte[] keep(String name, byte[] made);

    /// What was kept under a name; nothing when nothing was.
    Optional<byte[]> kept(String name);

    /// Books what was spent, whole or not at all, and remembers how far the journal was read.
    ///
    /// Does nothing when this position is booked already.
    ///
    /// @param node whose journal it is
    /// @param position at least 1
    /// @throws IllegalStateException when the journal is booked further than this
    /// @throws ArithmeticException when a sum would not fit into 64 bits
    void book(SpendBatch batch, String node, long position);

    /// How far the journal of a node was booked, 0 at first.
    long booked(String node);

    /// What was booked on each account in each of its periods that began at this time or later.
    void accounts(Instant since, Consumer<AccountSpend> each);

    /// What was spent, summed over the dimensions that are not asked for; no row where nothing was. Rows are ordered by
    /// the day, where it is asked for, then by the other values in the query's order, as their bytes in UTF-8 compare.
    ///
    /// @throws ArithmeticException when a sum does not fit into 64 bits
    List<SpendRow> spend(SpendQuery query);

    /// Forgets roll-ups of days before this one, and periods of accounts that began before it.
    void forget(Instant before);

    /// @throws StoreUnavailable when the store does not answer
    void ping();

    @Override
    void close();
}
