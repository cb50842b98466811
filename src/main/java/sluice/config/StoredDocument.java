package sluice.config;

/// An object that was made through the operator's API, as it would stand in a policy file.
///
/// @param json an object, without its id
public record StoredDocument(ObjectKind kind, String id, String json) {}
