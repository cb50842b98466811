package sluice.config;

import java.util.List;
import java.util.Optional;

/// By what callers are known, beside their virtual keys.
public record IdentityConfig(
        List<IssuerConfig> issuers,
        List<WorkspaceConfig> workspaces,
        Optional<TrustedProxyConfig> trustedProxy) {
    public IdentityConfig {
        issuers = List.copyOf(issuers);
        workspaces = List.copyOf(workspaces);
    }
}
