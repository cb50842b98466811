package sluice.config;

import java.util.Locale;
import sluice.call.Secret;

/// A header that goes to a target with every request. The name is in lower case, a value that can be sent as it is;
/// any value may hold a secret, so all print nothing.
public record ExtraHeader(String name, Secret value) {
    public ExtraHeader {
        if (!name.equals(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException("header names are kept in lower case: " + name);
        }
    }
}
