package sluice.config;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import sluice.call.AddressRange;

/// {@code identity.trusted_proxy}.
final class TrustedProxySection {
    private static final int MAX_ADDRESSES = 256;

    /// What a caller is known by, or what the connection itself lives by.
    private static final Set<String> TAKEN =
            Set.of("authorization", "x-api-key", "x-bf-vk", "cookie", "host", "connection");

    private static final Shape<String> HEADER =
            new Text("a header's name", Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}"))
                    .then((name, place, reading) -> {
                        var lower = name.toLowerCase(Locale.ROOT);
                        if (TAKEN.contains(lower)) {
                            reading.fault(place, "the header '" + lower + "' says something else");
                            return Optional.empty();
                        }
                        return Optional.of(lower);
                    });

    private static final Key<List<AddressRange>> ADDRESSES =
            Key.required(
                    "addresses",
                    new ListOf<>(
                            new Text(
                                            "a range of addresses such as 10.0.0.0/8 or fd00::/8, or one"
                                                    + " address",
                                            Pattern.compile("[0-9A-Fa-f:./]{2,49}"))
                                    .then(TrustedProxySection::range),
                            MAX_ADDRESSES,
                            ""),
                    "the addresses from which the proxy calls; it is believed by nothing else");
    private static final Key<String> USER =
            Key.optional("user", HEADER, "the header that names the person");
    private static final Key<String> GROUPS =
            Key.optional(
                    "groups",
                    HEADER,
                    "the header that names groups; one that is a team's id gives the team");
    private static final Key<String> ROLES =
            Key.optional("roles", HEADER, "the header that names roles, added to the caller's own");

    private record Headers(
            Optional<String> user, Optional<String> groups, Optional<String> roles) {}

    private static final Key<Headers> HEADERS =
            Key.required(
                    "headers",
                    new Section<>(
                            "headers",
                            List.of(USER, GROUPS, ROLES),
                            Set.of(),
                            TrustedProxySection::someAndDifferent,
                            headers ->
                                    new Headers(
                                            headers.find(USER),
                                            headers.find(GROUPS),
                                            headers.find(ROLES))),
                    "in which headers the proxy says who calls; it must replace what callers send");

    static final Key<TrustedProxyConfig> KEY =
            Key.optional(
                    "trusted_proxy",
                    new Section<>(
                            "trusted_proxy",
                            List.of(ADDRESSES, HEADERS),
                            Set.of(),
                            TrustedProxySection::check,
                            proxy ->
                                    new TrustedProxyConfig(
                                            proxy.the(ADDRESSES),
                                            proxy.the(HEADERS).user(),
                                            proxy.the(HEADERS).groups(),
                                            proxy.the(HEADERS).roles())),
                    "a proxy that is believed about the person behind a key or token; without it such"
                            + " headers mean nothing");

    private TrustedProxySection() {}

    private static Optional<AddressRange> range(String text, Place place, Reading reading) {
        var range = AddressRange.parse(text);
        if (range.isEmpty()) {
            reading.fault(
                    place,
                    "expected a range of addresses such as 10.0.0.0/8 or fd00::/8, with nothing behind"
                            + " its prefix, got "
                            + Discretion.quote(text));
        }
        return range;
    }

    private static void check(Fields proxy) {
        var addresses = proxy.find(ADDRESSES).orElse(List.of());
        if (proxy.find(ADDRESSES).isPresent() && addresses.isEmpty()) {
            proxy.fault(ADDRESSES, "expected at least one");
        }
        if (addresses.stream().anyMatch(AddressRange::isEverything)) {
            proxy.warn(ADDRESSES, "every caller can say who it is, from wherever it calls");
        }
    }

    private static void someAndDifferent(Fields headers) {
        var names = new HashSet<String>();
        for (var key : List.of(USER, GROUPS, ROLES)) {
            headers.find(key)
                    .filter(name -> !names.add(name))
                    .ifPresent(_ ->
                            headers.fault(key, "is another's header already; each has its own"));
        }
        boolean none = List.of(USER, GROUPS, ROLES).stream().noneMatch(headers::given);
        if (none) {
            headers.fault(USER, "expected at least one of user, groups, roles");
        }
    }
}
