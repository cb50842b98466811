package sluice.upstream;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import sluice.call.Bytes;
import sluice.call.Secret;
import sluice.json.Fields;
import sluice.json.Governed;
import sluice.json.Limits;
import sluice.json.NotJson;
import sluice.json.Splice;
import sluice.protocol.ModelRequest;

/// What the operator changes in the calls to one target of a virtual model.
///
/// @param params top-level fields of the request, in the target's dialect, and their values as JSON
/// @param headersRemoved lower-case names of headers that stay behind
/// @param headersSet headers that go along, by lower-case name
public record Overrides(
        Map<String, Bytes> params, Set<String> headersRemoved, Map<String, Secret> headersSet) {
    public static final Overrides NONE = new Overrides(Map.of(), Set.of(), Map.of());

    public Overrides {
        params = Collections.unmodifiableMap(new LinkedHashMap<>(params));
        headersRemoved = Set.copyOf(headersRemoved);
        headersSet = Map.copyOf(headersSet);
    }

    /// How many output tokens it sets for an answer; 0 when it leaves that to the caller.
    public long maxTokens() {
        return most("max_tokens", "max_completion_tokens", "max_output_tokens");
    }

    /// How many answers it sets; 0 when it leaves that to the caller.
    public long answers() {
        return most("n", "best_of");
    }

    private long most(String... names) {
        long most = 0;
        for (var name : names) {
            var value = params.get(name);
            most = value == null ? most : Math.max(most, whole(value));
        }
        return most;
    }

    private static long whole(Bytes json) {
        try {
            return new BigDecimal(json.utf8()).setScale(0, RoundingMode.CEILING).longValueExact();
        } catch (ArithmeticException | NumberFormatException notOne) {
            return 0;
        }
    }

    /// The same call with the operator's fields in place of the caller's.
    ///
    /// @throws NotJson when the body gives such a field twice
    public ModelRequest on(ModelRequest asked) throws NotJson {
        if (params.isEmpty()) {
            return asked;
        }
        var names = Governed.of(params.keySet().toArray(String[]::new));
        var splice = Splice.of(Fields.scan(asked.body(), names, Limits.DEFAULT));
        params.forEach(splice::put);
        return asked.withBody(splice.pieces().joined(), Limits.DEFAULT);
    }

    /// @param headers those that would go along, by lower-case name; not changed
    public Map<String, String> on(Map<String, String> headers) {
        if (headersRemoved.isEmpty() && headersSet.isEmpty()) {
            return headers;
        }
        var changed = new HashMap<>(headers);
        changed.keySet().removeAll(headersRemoved);
        headersSet.forEach((name, value) -> changed.put(name, value.use(text -> text)));
        return changed;
    }
}
