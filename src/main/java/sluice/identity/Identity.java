package sluice.identity;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import sluice.call.Failure;
import sluice.call.Principal;
import sluice.call.Secret;

/// Who is calling: the first credential that anybody knows counts. The virtual keys are asked first; then, about what has
/// the form of a token, the issuers; then, about a token that none of these issued, the workspaces.
public final class Identity {
    private final VirtualKeys keys;
    private final Issuers issuers;
    private final Workspaces workspaces;
    private final @Nullable TrustedProxy proxy;
    private final Predicate<String> teams;

    /// @param proxy who is believed about the person behind a call; null for nobody
    /// @param teams whether a team of this name is declared
    public Identity(
            VirtualKeys keys,
            Issuers issuers,
            Workspaces workspaces,
            @Nullable TrustedProxy proxy,
            Predicate<String> teams) {
        this.keys = keys;
        this.issuers = issuers;
        this.workspaces = workspaces;
        this.proxy = proxy;
        this.teams = teams;
    }

    /// @throws sluice.call.CallFailed with {@code Failure.Unauthenticated} when nobody knows any of the credentials, with
    ///     {@code Failure.IdentityUnknowable} when somebody may and cannot be asked
    public Identified authenticate(Arrival call) {
        var presented = call.credentials();
        String unknowable = null;
        for (var credential : presented) {
            switch (find(credential, call)) {
                case Finding.Known(var principal) -> {
                    return identified(principal, credential, call);
                }
                case Finding.Unknowable(var what) -> unknowable = what;
                case Finding.Refused _, Finding.NotMine _ -> {}
            }
        }
        if (unknowable != null) {
            throw new Failure.IdentityUnknowable(unknowable).asException();
        }
        return new Identified(keys.withoutKey(presented), null);
    }

    private Identified identified(Principal principal, String credential, Arrival call) {
        boolean ofWorkspace = principal.kind() == Principal.Kind.WORKSPACE;
        var heard = proxy == null ? principal : proxy.heard(principal, call, teams);
        return new Identified(heard, ofWorkspace ? new Secret(credential) : null);
    }

    private Finding find(String credential, Arrival call) {
        boolean signed = UnprovenToken.hasTheForm(credential);
        boolean mayBeIssued = signed && !issuers.isEmpty();
        boolean mayBeOfWorkspace =
                !workspaces.isEmpty() && (signed || Workspaces.isPersonal(credential));
        if (!mayBeIssued && !mayBeOfWorkspace) {
            return ofKey(keys.find(credential));
        }
        var hash = TokenHash.of(credential);
        var remembered = remembered(hash); // before it was, it was found to be no key
        if (remembered != null) {
            return new Finding.Known(remembered);
        }
        var found = ofKey(keys.find(credential));
        if (found instanceof Finding.NotMine && mayBeIssued) {
            found = issuers.find(credential, hash, call);
        }
        return found instanceof Finding.NotMine && mayBeOfWorkspace
                ? workspaces.find(credential, hash, call)
                : found;
    }

    private @Nullable Principal remembered(TokenHash hash) {
        var principal = issuers.remembered(hash);
        return principal == null ? workspaces.remembered(hash) : principal;
    }

    private static Finding ofKey(@Nullable Principal principal) {
        return principal == null ? Finding.NOT_MINE : new Finding.Known(principal);
    }
}
