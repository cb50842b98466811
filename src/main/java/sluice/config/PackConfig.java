package sluice.config;

/// The name and version that the operator gives to this set of files. The rest of a file whose pack is not enabled
/// is left out.
public record PackConfig(String name, String version, boolean enabled) {}
