package sluice.config;

import java.util.List;
import java.util.Optional;
import sluice.call.AddressRange;

/// A proxy in front of the gateway that is believed about the person behind a call: where it calls from, and the headers in
/// which it says who that is.
public record TrustedProxyConfig(
        List<AddressRange> addresses,
        Optional<String> user,
        Optional<String> groups,
        Optional<String> roles) {
    public TrustedProxyConfig {
        addresses = List.copyOf(addresses);
    }
}
