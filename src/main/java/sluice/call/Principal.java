package sluice.call;

/// Who is calling: the id of the virtual key that was presented, and what it was granted.
public record Principal(String keyId, ModelPatterns models) {}
