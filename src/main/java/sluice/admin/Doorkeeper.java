package sluice.admin;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import sluice.call.AdminRole;
import sluice.call.CallFailed;
import sluice.call.Failure;
import sluice.call.Principal;
import sluice.call.Secret;
import sluice.server.Exchange;

/// Lets operators in, and nobody else: whoever presents one of the keys that the configuration names or the one that was
/// claimed, or a token whose roles count here. Where none of these is there, the door is closed.
///
/// @param keys what may be presented, with what it makes its holder
/// @param claimed the hash of the key that was made for the one-time token; null while there is none
/// @param roles which roles of a token make its holder what
/// @param tokens whose token an exchange presents, if it is one; may throw as identity does
public record Doorkeeper(
        List<Key> keys,
        @Nullable Claimed claimed,
        Map<AdminRole, Set<String>> roles,
        Function<Exchange, @Nullable Principal> tokens) {

    /// @param team for a team-manager; null for the others
    public record Key(String id, Secret key, AdminRole role, @Nullable String team) {}

    /// Recognises a key of which only a hash is kept.
    @FunctionalInterface
    public interface Claimed {
        boolean is(String presented);
    }

    public Doorkeeper {
        keys = List.copyOf(keys);
        roles = Map.copyOf(roles);
    }

    /// Takes as long for a wrong key as for a right one.
    ///
    /// @throws CallFailed with {@code Failure.NotAnOperator}
    Operator admit(Exchange exchange) {
        Operator found = null;
        for (var presented : exchange.credentials()) {
            byte[] bytes = presented.getBytes(StandardCharsets.UTF_8);
            for (var key : keys) {
                byte[] expected = key.key().use(text -> text.getBytes(StandardCharsets.UTF_8));
                if (MessageDigest.isEqual(expected, bytes) && found == null) {
                    found = new Operator(key.id(), key.role(), key.team());
                }
            }
            if (found == null && claimed != null && claimed.is(presented)) {
                found = new Operator("admin", AdminRole.ADMIN, null);
            }
        }
        if (found == null && !roles.isEmpty()) {
            found = byToken(exchange);
        }
        if (found == null) {
            throw new Failure.NotAnOperator().asException();
        }
        return found;
    }

    private @Nullable Operator byToken(Exchange exchange) {
        Principal principal;
        try {
            principal = tokens.apply(exchange);
        } catch (CallFailed unknown) {
            return null;
        }
        if (principal == null || principal.kind() != Principal.Kind.TOKEN) {
            return null; // a virtual key never opens this door
        }
        var granted = EnumSet.noneOf(AdminRole.class);
        roles.forEach((role, names) -> {
            if (principal.roles().stream().anyMatch(names::contains)) {
                granted.add(role);
            }
        });
        if (granted.equals(EnumSet.of(AdminRole.TEAM_MANAGER)) && principal.team() == null) {
            return null;
        }
        // the roles are declared with the strongest first
        return granted.isEmpty() ? null : operator(principal, granted.iterator().next());
    }

    private static Operator operator(Principal principal, AdminRole role) {
        var name = principal.user() == null ? principal.id() : principal.user();
        return new Operator(name, role, role == AdminRole.TEAM_MANAGER ? principal.team() : null);
    }
}
