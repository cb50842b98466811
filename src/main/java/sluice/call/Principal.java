package sluice.call;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Who is calling, known.
///
/// @param id the id of the virtual key, or what its issuer calls a person
/// @param user the person, where one is known; limits and budgets of users are found by it
/// @param team the team it belongs to; null without one
/// @param customer the customer it is booked for, where that is not said by its team
/// @param roles what it is, for rules that go by roles
/// @param metadata what the operator or the issuer says of it beside
/// @param own what was granted to it alone, and not to its team or role
public record Principal(
        Kind kind,
        String id,
        @Nullable String user,
        @Nullable String team,
        @Nullable String customer,
        List<String> roles,
        Map<String, String> metadata,
        Allowance own) {

    /// How a caller shows who it is.
    public enum Kind {
        VIRTUAL_KEY("key"),
        /// A token of an identity provider.
        TOKEN("user"),
        /// A token of a Databricks workspace.
        WORKSPACE("workspace_user"),
        ANONYMOUS("anonymous"),
        OPERATOR("operator");

        private final String token;

        Kind(String token) {
            this.token = token;
        }

        /// The word for it in the ledger.
        public String token() {
            return token;
        }
    }

    /// Under which the metadata name the workspace whose token was presented.
    public static final String WORKSPACE = "workspace";

    public Principal {
        roles = List.copyOf(roles);
        metadata = Map.copyOf(metadata);
    }

    /// Whether it was this workspace that said who it is.
    public boolean isOfWorkspace(String host) {
        return kind == Kind.WORKSPACE && host.equals(metadata.get(WORKSPACE));
    }

    /// A virtual key that belongs to nobody in particular.
    public static Principal key(String id, ModelPatterns models) {
        return new Principal(
                Kind.VIRTUAL_KEY,
                id,
                null,
                null,
                null,
                List.of(),
                Map.of(),
                Allowance.models(models));
    }
}
