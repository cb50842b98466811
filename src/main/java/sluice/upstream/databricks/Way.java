package sluice.upstream.databricks;

import java.util.List;
import java.util.Map;
import sluice.call.Dialect;

/// How a workspace must be spoken to for one call.
public sealed interface Way {

    /// The dialect that was asked is spoken there.
    ///
    /// @param path behind the target's base
    /// @param model the name to be sent as {@code model}
    /// @param headers to be sent along, by lower-case name
    record Through(Door door, String path, String model, Map<String, String> headers)
            implements Way {
        public Through {
            headers = Map.copyOf(headers);
        }

        public Dialect dialect() {
            return door.dialect();
        }

        public Surface surface() {
            return door.surface();
        }
    }

    /// The dialect that was asked is not spoken for this model, but these are, best first: the call must be translated.
    ///
    /// @param spoken not empty
    record Instead(List<Through> spoken) implements Way {
        public Instead {
            spoken = List.copyOf(spoken);
        }
    }

    /// There is nothing left that has not been tried: the first refusal stands.
    record Nowhere() implements Way {}
}
