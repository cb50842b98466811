package sluice.identity;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import sluice.call.Principal;

/// The workspaces whose people may call with the tokens that they have there. One for each configuration.
public final class Workspaces {
    /// Personal access tokens begin so; whoever signs in has a JWT. Nothing else is shown to a workspace: it may be a
    /// key of somebody else's, or one of ours that was mistyped.
    private static final Pattern PERSONAL = Pattern.compile("dapi[A-Za-z0-9-]{16,256}");

    private static final Pattern SIGNED_IN = Pattern.compile("[A-Za-z0-9_.-]+");

    private final List<Workspace> workspaces;
    private final Means means;

    public Workspaces(List<WorkspaceRule> rules, Means means) {
        this.workspaces = rules.stream().map(rule -> new Workspace(rule, means)).toList();
        this.means = means;
    }

    boolean isEmpty() {
        return workspaces.isEmpty();
    }

    static boolean isPersonal(String credential) {
        return credential.startsWith("dapi") && PERSONAL.matcher(credential).matches();
    }

    /// Whom the token stands for, when a workspace said so a moment ago.
    @Nullable Principal remembered(TokenHash hash) {
        for (var workspace : workspaces) {
            var principal = workspace.remembered(hash);
            if (principal != null) {
                return principal;
            }
        }
        return null;
    }

    /// Asks one after another; the first that knows the token counts.
    Finding find(String token, TokenHash hash, Arrival call) {
        long expires = isPersonal(token) ? Long.MAX_VALUE : expiry(token);
        if (expires <= means.clock().millis()) {
            return Finding.REFUSED;
        }
        var found = Finding.REFUSED;
        for (var workspace : workspaces) {
            switch (workspace.find(token, hash, expires, call)) {
                case Finding.Known known -> {
                    return known;
                }
                case Finding.Unknowable unknowable -> found = unknowable;
                case Finding.Refused _, Finding.NotMine _ -> {}
            }
        }
        return found;
    }

    /// What a JWT says of its own end is not proven, and can only shorten what the workspace says.
    ///
    /// @return 0 for one that cannot be a workspace's
    private static long expiry(String token) {
        var read = SIGNED_IN.matcher(token).matches() ? UnprovenToken.read(token) : null;
        if (read == null) {
            return 0;
        }
        try {
            return new Claims(read.claims())
                    .time("exp")
                    .map(seconds -> (long) (seconds * 1000))
                    .orElse(Long.MAX_VALUE);
        } catch (Claims.Unfit noTime) {
            return 0;
        }
    }
}
