package sluice.upstream.databricks;

import org.jspecify.annotations.Nullable;
import sluice.call.CallFailed;
import sluice.call.Failure;
import sluice.call.Principal;
import sluice.call.Secret;
import sluice.upstream.TokenSource;
import sluice.upstream.Wires;

/// Asking a workspace with the caller's own token in place of the gateway's, so that Unity Catalog sees the person. What
/// the workspace then refuses is between the two, and nobody's health suffers.
final class OnBehalf {
    private static final String SIGN_IN_THERE =
            "present a token of that workspace as 'Authorization: Bearer TOKEN'; this caller is"
                    + " known by something else.";

    private OnBehalf() {}

    /// The same connections, with the caller's token.
    ///
    /// @throws CallFailed with {@code Failure.NotOnBehalf} for a caller whom this workspace does not know
    static Wires wires(Wires wires, Principal caller, @Nullable Secret token) {
        var base = wires.target().base();
        if (token == null
                || !caller.isOfWorkspace(base.getScheme() + "://" + base.getRawAuthority())) {
            throw new Failure.NotOnBehalf(wires.target().id(), SIGN_IN_THERE).asException();
        }
        return wires.with(TokenSource.fixed(token));
    }

    /// The caller's token, and what it may do, are not the operator's to mend.
    static CallFailed refused(String target, CallFailed refused) {
        return switch (refused.failure()) {
            case Failure.CredentialRefused _ ->
                    new Failure.NotOnBehalf(
                                    target,
                                    "the workspace refuses the caller's own token; sign in there"
                                            + " again.")
                            .asException();
            case Failure.Rejected rejected when rejected.status() == 403 ->
                    new Failure.NotOnBehalf(
                                    target, "the workspace refuses it: " + rejected.message())
                            .asException();
            default -> refused;
        };
    }
}
