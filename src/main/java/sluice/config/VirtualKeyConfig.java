package sluice.config;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sluice.call.Allowance;
import sluice.call.ModelPatterns;
import sluice.call.Secret;

/// A key that we gave out: what a caller presents, whom it belongs to, and what it opens.
///
/// @param team the team, customer and person that it belongs to, as far as it belongs to any
/// @param expires from when on it opens nothing; empty when it always does
public record VirtualKeyConfig(
        String id,
        Secret key,
        Optional<String> team,
        Optional<String> customer,
        Optional<String> user,
        List<String> roles,
        Map<String, String> metadata,
        Optional<Instant> expires,
        boolean disabled,
        Allowance level,
        Place place) {
    public VirtualKeyConfig {
        roles = List.copyOf(roles);
        metadata = Map.copyOf(metadata);
    }

    /// A key that stands in no file.
    public static VirtualKeyConfig made(String id, Secret key, ModelPatterns models) {
        return new VirtualKeyConfig(
                id,
                key,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Map.of(),
                Optional.empty(),
                false,
                Allowance.models(models),
                Place.startOf("(made at start)"));
    }
}
