package sluice;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sluice.call.Principal;
import sluice.config.Configuration;
import sluice.config.VirtualKeyConfig;
import sluice.identity.VirtualKeys;

/// Who may call by what a configuration says: the holders of its keys, and whoever has none.
final class Callers {
    private Callers() {}

    static VirtualKeys.VirtualKey of(VirtualKeyConfig key) {
        return new VirtualKeys.VirtualKey(
                key.key(),
                new Principal(
                        Principal.Kind.VIRTUAL_KEY,
                        key.id(),
                        key.user().orElse(null),
                        key.team().orElse(null),
                        key.customer().orElse(null),
                        key.roles(),
                        key.metadata(),
                        key.level()),
                key.disabled(),
                key.expires().orElse(null));
    }

    /// Null where nobody may call without a key.
    static @Nullable Principal anonymous(Configuration configuration) {
        return configuration
                .governance()
                .anonymous()
                .map(own ->
                        new Principal(
                                Principal.Kind.ANONYMOUS,
                                "anonymous",
                                null,
                                null,
                                null,
                                List.of(),
                                Map.of(),
                                own.orNoModels()))
                .orElse(null);
    }
}
