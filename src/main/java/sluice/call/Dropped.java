package sluice.call;

import java.util.ArrayList;
import java.util.List;

/// The parts of a request that its target cannot carry: left out, and told to the caller in {@code x-sluice-dropped}
/// and in the ledger. Names of fields only, never their values. One per call.
public final class Dropped {
    /// A caller that sends more than these has been told enough.
    private static final int MAX_NAMES = 32;

    private static final int MAX_NAME = 64;

    private final List<String> names = new ArrayList<>(0);

    /// @param name the field as its dialect writes it, with its path: {@code seed}, {@code tools[].strict}
    public void add(String name) {
        var shown = shown(name);
        if (names.size() < MAX_NAMES && !names.contains(shown)) {
            names.add(shown);
        }
    }

    /// A caller may name its fields as it likes; a header takes printable ASCII, and commas separate.
    private static String shown(String name) {
        var cut = name.length() > MAX_NAME ? name.substring(0, MAX_NAME) : name;
        return cut.replaceAll("[^\\x21-\\x7e]|,", "?");
    }

    public boolean isEmpty() {
        return names.isEmpty();
    }

    public List<String> names() {
        return List.copyOf(names);
    }
}
