package sluice.config;

import java.net.URI;
import java.util.Optional;

/// What {@code auth} comes to: a credential, and the workspace's address where the credential's own place names it.
record Auth(Credential credential, Optional<URI> host) {}
