package sluice.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import sluice.call.Price;

/// Everything that the operator decided, read once and whole. Every secret in it is resolved and prints nothing.
///
/// @param declarations its objects as they were written
public record Configuration(
        PackConfig pack,
        ServerConfig server,
        LedgerConfig ledger,
        List<TargetConfig> targets,
        Duration discoveryInterval,
        Governance governance,
        ModelBookConfig modelBook,
        Optional<FileContent> requestFields,
        List<VirtualModelConfig> virtualModels,
        Set<Compatibility> compatibility,
        AdminConfig admin,
        StoreConfig store,
        IdentityConfig identity,
        List<Declaration> declarations) {
    public Configuration {
        virtualModels = List.copyOf(virtualModels);
        compatibility = Set.copyOf(compatibility);
        targets = List.copyOf(targets);
    }

    /// What an empty file means: every default, no target, no key.
    public static Configuration defaults() {
        return PolicyFile.defaults();
    }

    public Configuration withServer(ServerConfig other) {
        return with(other, ledger, targets, governance, admin, store);
    }

    public Configuration withLedger(LedgerConfig other) {
        return with(server, other, targets, governance, admin, store);
    }

    public Configuration withAdmin(AdminConfig other) {
        return with(server, ledger, targets, governance, other, store);
    }

    public Configuration withStore(StoreConfig other) {
        return with(server, ledger, targets, governance, admin, other);
    }

    public Configuration plus(TargetConfig target) {
        var more = new ArrayList<>(targets);
        more.add(target);
        return with(server, ledger, more, governance, admin, store);
    }

    public Configuration plus(VirtualKeyConfig virtualKey) {
        var more = new ArrayList<>(governance.virtualKeys());
        more.add(virtualKey);
        return with(server, ledger, targets, governance.with(more), admin, store);
    }

    /// A copy, with what was asked for in the place of what there is.
    private Configuration with(
            ServerConfig newServer,
            LedgerConfig newLedger,
            List<TargetConfig> newTargets,
            Governance newGovernance,
            AdminConfig newAdmin,
            StoreConfig newStore) {
        return new Configuration(
                pack,
                newServer,
                newLedger,
                newTargets,
                discoveryInterval,
                newGovernance,
                modelBook,
                requestFields,
                virtualModels,
                compatibility,
                newAdmin,
                newStore,
                identity,
                declarations);
    }

    public List<VirtualKeyConfig> virtualKeys() {
        return governance.virtualKeys();
    }

    /// The prices that the operator gave to models at single targets: by the target's id, then by the model.
    public Map<String, Map<String, List<Price>>> pricing() {
        return targets.stream()
                .filter(target -> !target.pricing().isEmpty())
                .collect(Collectors.toUnmodifiableMap(TargetConfig::id, TargetConfig::pricing));
    }
}
