package sluice.config;

/// A name that callers ask for, and the targets that stand behind it.
public record VirtualModelConfig(String name, RoutingConfig routing, Place place) {}
