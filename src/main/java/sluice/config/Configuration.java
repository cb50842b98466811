package sluice.config;

import java.util.ArrayList;
import java.util.List;

/// Everything that the operator decided, read once and whole. Every secret in it is resolved and prints nothing.
public record Configuration(
        PackConfig pack,
        ServerConfig server,
        LedgerConfig ledger,
        List<TargetConfig> targets,
        List<VirtualKeyConfig> virtualKeys) {
    public Configuration {
        targets = List.copyOf(targets);
        virtualKeys = List.copyOf(virtualKeys);
    }

    /// What an empty file means: every default, no target, no key.
    public static Configuration defaults() {
        return PolicyFile.defaults();
    }

    public Configuration withServer(ServerConfig other) {
        return new Configuration(pack, other, ledger, targets, virtualKeys);
    }

    public Configuration withLedger(LedgerConfig other) {
        return new Configuration(pack, server, other, targets, virtualKeys);
    }

    public Configuration plus(TargetConfig target) {
        var more = new ArrayList<>(targets);
        more.add(target);
        return new Configuration(pack, server, ledger, more, virtualKeys);
    }

    public Configuration plus(VirtualKeyConfig virtualKey) {
        var more = new ArrayList<>(virtualKeys);
        more.add(virtualKey);
        return new Configuration(pack, server, ledger, targets, more);
    }
}
