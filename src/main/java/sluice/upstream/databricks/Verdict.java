package sluice.upstream.databricks;

/// What a workspace's refusal means for the way that was taken.
public enum Verdict {
    /// The way does not exist for this host or this model. {@link Surfaces#way} gives another one, or says that there
    /// is none.
    TRY_OTHER_SURFACE,
    /// There is no model of that name there. The host is fine. For a name that no listing declares the other surface
    /// may know it: ask for a way once more, with this one among those tried.
    MODEL_ABSENT,
    /// Our own credential is refused or stale: renew it, and send once more before anything else.
    CREDENTIAL,
    /// It means what its status says.
    PLAIN
}
