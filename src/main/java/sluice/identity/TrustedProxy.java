package sluice.identity;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import sluice.call.AddressRange;
import sluice.call.Failure;
import sluice.call.Principal;

/// A proxy in front of the gateway that knows the person behind a call and says it in headers. It is believed by the
/// address at the other end of its connection. It adds to a caller who is known already; it never makes one known.
///
/// @param addresses where it calls from
/// @param user the header that names the person; null for none
/// @param groups the header that names groups, of which one may be a team; null for none
/// @param roles the header that names further roles; null for none
public record TrustedProxy(
        List<AddressRange> addresses,
        @Nullable String user,
        @Nullable String groups,
        @Nullable String roles) {
    public TrustedProxy {
        addresses = List.copyOf(addresses);
    }

    /// A person whom a token proves stays who it is. Whoever calls without a credential is nobody with it, too.
    ///
    /// @param teams whether a team of this name is declared
    /// @throws sluice.call.CallFailed with {@code Failure.Malformed} when the proxy's own headers are not as they should
    ///     be: one that came twice may be the caller's
    Principal heard(Principal caller, Arrival call, Predicate<String> teams) {
        boolean isKey = caller.kind() == Principal.Kind.VIRTUAL_KEY;
        boolean isToken =
                caller.kind() == Principal.Kind.TOKEN || caller.kind() == Principal.Kind.WORKSPACE;
        if (!(isKey || isToken) || addresses.stream().noneMatch(at -> at.holds(call.peer()))) {
            return caller;
        }
        var person = text(user, call);
        var more = new LinkedHashSet<>(caller.roles());
        more.addAll(names(roles, call));
        var team = caller.team();
        if (team == null) {
            team = names(groups, call).stream().filter(teams).findFirst().orElse(null);
        }
        return new Principal(
                caller.kind(),
                caller.id(),
                isKey && person != null ? person : caller.user(),
                team,
                caller.customer(),
                List.copyOf(more),
                caller.metadata(),
                caller.own());
    }

    private static @Nullable String text(@Nullable String header, Arrival call) {
        var value = value(header, call);
        if (header == null || value.isEmpty()) {
            return null;
        }
        if (!Claims.isName(value)) {
            throw malformed(header, "is longer than " + Claims.MAX_NAME_CHARS + " characters");
        }
        return value;
    }

    private static List<String> names(@Nullable String header, Arrival call) {
        if (header == null) {
            return List.of();
        }
        var names = Claims.split(value(header, call));
        if (names.size() > Claims.MAX_NAMES || !names.stream().allMatch(Claims::isName)) {
            throw malformed(
                    header,
                    "names more than "
                            + Claims.MAX_NAMES
                            + ", or one of more than "
                            + Claims.MAX_NAME_CHARS
                            + " characters");
        }
        return names;
    }

    /// Empty without one.
    private static String value(@Nullable String header, Arrival call) {
        var values = header == null ? List.<String>of() : call.headers(header);
        if (header != null && values.size() > 1) {
            throw malformed(
                    header,
                    "came " + values.size() + " times; the proxy must replace the caller's");
        }
        return values.isEmpty() ? "" : values.getFirst().strip();
    }

    private static RuntimeException malformed(String header, String what) {
        return new Failure.Malformed("The header '" + header + "' " + what + ".", null)
                .asException();
    }
}
