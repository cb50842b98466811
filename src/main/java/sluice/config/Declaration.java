package sluice.config;

/// An object of the configuration, and where it was declared.
///
/// @param json as it was written, its id left out; secrets stand there as references only
public record Declaration(ObjectKind kind, String id, String json, Place place) {

    /// Without what was written: it may name what nobody need know.
    @Override
    public String toString() {
        return kind.token() + "/" + id + " at " + place;
    }

    /// Whether it came from the store and not from a file.
    public boolean isStored() {
        return place.file().startsWith(StoredLayer.FILE);
    }
}
