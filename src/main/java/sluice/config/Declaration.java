package sluice.config;

/// An object of the configuration, and where it was declared.
///
/// @param json as it was written, its id left out; secrets stand there as references only
public record Declaration(ObjectKind kind, String id, String json, Place place) {

    /// Whether it came from the store and not from a file.
    public boolean isStored() {
        return place.file().startsWith(StoredLayer.FILE);
    }
}
