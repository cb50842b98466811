package sluice.admin;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sluice.store.StoredKey;

/// The running configuration, as the operators' door sees and changes it.
public interface Declared {

    /// The kinds of objects, by the word for each in an address.
    List<String> kinds();

    /// The objects of a kind that stand in files, by id.
    List<Written> written(String kind);

    /// Why an object of the store does not count at the moment; nothing when it does.
    List<String> leftOut(String kind, String id);

    /// What would be wrong if an object of the store were like this.
    ///
    /// @param json null when it were gone
    /// @return sentences with places; none when it may be so
    List<String> faults(String kind, String id, @Nullable String json);

    /// The store has another object now: the configuration is read again and taken over.
    void objectsChanged();

    /// The store has a key in place of another.
    ///
    /// @param before null when it is new
    /// @param after null when it is gone
    void keyChanged(@Nullable StoredKey before, @Nullable StoredKey after);

    /// The JSON Schema of an object, as a tree of maps and lists.
    Map<String, Object> schema(String kind);

    /// An object of a file.
    ///
    /// @param json as it was written, without its id
    /// @param place file, line and column
    record Written(String id, String json, String place) {}
}
