package sluice.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import sluice.call.ModelPatterns;
import sluice.call.Price;

/// Everything that the operator decided, read once and whole. Every secret in it is resolved and prints nothing.
///
/// @param anonymous the models of callers without a key; empty when there may be none
public record Configuration(
        PackConfig pack,
        ServerConfig server,
        LedgerConfig ledger,
        List<TargetConfig> targets,
        Duration discoveryInterval,
        List<VirtualKeyConfig> virtualKeys,
        Optional<ModelPatterns> anonymous,
        ModelBookConfig modelBook,
        Optional<FileContent> requestFields,
        List<VirtualModelConfig> virtualModels,
        Set<Compatibility> compatibility,
        AdminConfig admin) {
    public Configuration {
        virtualModels = List.copyOf(virtualModels);
        compatibility = Set.copyOf(compatibility);
        targets = List.copyOf(targets);
        virtualKeys = List.copyOf(virtualKeys);
    }

    /// What an empty file means: every default, no target, no key.
    public static Configuration defaults() {
        return PolicyFile.defaults();
    }

    public Configuration withServer(ServerConfig other) {
        return new Configuration(
                pack,
                other,
                ledger,
                targets,
                discoveryInterval,
                virtualKeys,
                anonymous,
                modelBook,
                requestFields,
                virtualModels,
                compatibility,
                admin);
    }

    public Configuration withLedger(LedgerConfig other) {
        return new Configuration(
                pack,
                server,
                other,
                targets,
                discoveryInterval,
                virtualKeys,
                anonymous,
                modelBook,
                requestFields,
                virtualModels,
                compatibility,
                admin);
    }

    public Configuration withAdmin(AdminConfig other) {
        return new Configuration(
                pack,
                server,
                ledger,
                targets,
                discoveryInterval,
                virtualKeys,
                anonymous,
                modelBook,
                requestFields,
                virtualModels,
                compatibility,
                other);
    }

    public Configuration plus(TargetConfig target) {
        var more = new ArrayList<>(targets);
        more.add(target);
        return new Configuration(
                pack,
                server,
                ledger,
                more,
                discoveryInterval,
                virtualKeys,
                anonymous,
                modelBook,
                requestFields,
                virtualModels,
                compatibility,
                admin);
    }

    public Configuration plus(VirtualKeyConfig virtualKey) {
        var more = new ArrayList<>(virtualKeys);
        more.add(virtualKey);
        return new Configuration(
                pack,
                server,
                ledger,
                targets,
                discoveryInterval,
                more,
                anonymous,
                modelBook,
                requestFields,
                virtualModels,
                compatibility,
                admin);
    }

    /// The prices that the operator gave to models at single targets: by the target's id, then by the model.
    public Map<String, Map<String, List<Price>>> pricing() {
        return targets.stream()
                .filter(target -> !target.pricing().isEmpty())
                .collect(Collectors.toUnmodifiableMap(TargetConfig::id, TargetConfig::pricing));
    }
}
