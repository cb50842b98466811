package sluice.config;

import sluice.call.ModelPatterns;

/// One of several credentials of a target.
///
/// @param models for which it may be used
public record PooledCredential(
        String id, Credential credential, int weight, ModelPatterns models) {}
