package sluice.config;

import java.util.Optional;
import sluice.call.Secret;

/// Who may look into the gateway.
///
/// @param key what an operator presents; without it a key is made at each start
public record AdminConfig(Optional<Secret> key) {}
