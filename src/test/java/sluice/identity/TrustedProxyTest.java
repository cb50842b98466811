package sluice.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import sluice.call.AddressRange;
import sluice.call.Allowance;
import sluice.call.ModelPatterns;
import sluice.call.Principal;

/// What a proxy may add to a caller.
class TrustedProxyTest {
    private static final TrustedProxy PROXY =
            new TrustedProxy(
                    List.of(AddressRange.parse("10.0.0.0/8").orElseThrow()),
                    "x-user",
                    "x-groups",
                    "x-roles");
    private static final Predicate<String> TEAMS = "research"::equals;
    private static final Map<String, String> SAID =
            Map.of("x-user", "alice", "x-roles", "analyst, writer", "x-groups", "staff,research");

    private record Call(String peer, Map<String, String> said) implements Arrival {
        @Override
        public List<String> credentials() {
            return List.of();
        }

        @Override
        public List<String> headers(String name) {
            return Optional.ofNullable(said.get(name)).stream().toList();
        }

        @Override
        public boolean await(BooleanSupplier ready, long deadlineNanos) {
            throw new IllegalStateException("nothing to wait for");
        }

        @Override
        public void wake() {}
    }

    private static Principal heard(Principal caller, String peer) {
        return PROXY.heard(caller, new Call(peer, SAID), TEAMS);
    }

    private static Principal of(Principal.Kind kind) {
        return new Principal(
                kind, "id", "bob", null, null, List.of("own"), Map.of(), Allowance.SILENT);
    }

    @Test
    void aKeyGetsThePersonBehindIt() {
        var key = Principal.key("app", ModelPatterns.NOTHING);

        var heard = heard(key, "10.1.2.3");

        assertThat(heard.id()).isEqualTo("app");
        assertThat(heard.user()).isEqualTo("alice");
        assertThat(heard.roles()).containsExactly("analyst", "writer");
        assertThat(heard.team()).isEqualTo("research");
        assertThat(heard.own()).isEqualTo(key.own());
    }

    @Test
    void aTokensPersonStaysAndGetsRoles() {
        var heard = heard(of(Principal.Kind.TOKEN), "10.1.2.3");

        assertThat(heard.user()).isEqualTo("bob");
        assertThat(heard.roles()).containsExactly("own", "analyst", "writer");
    }

    @Test
    void nobodyElseIsBelieved() {
        var key = Principal.key("app", ModelPatterns.NOTHING);

        assertThat(heard(key, "11.1.2.3")).isEqualTo(key);
        assertThat(heard(key, "")).isEqualTo(key);
    }

    @Test
    void whoeverHasNoCredentialStaysNobody() {
        for (var kind : List.of(Principal.Kind.ANONYMOUS, Principal.Kind.OPERATOR)) {
            assertThat(heard(of(kind), "10.1.2.3")).isEqualTo(of(kind));
        }
    }
}
