package sluice.identity;

import org.jspecify.annotations.Nullable;
import sluice.call.Principal;
import sluice.call.Secret;

/// A caller that is known.
///
/// @param ownToken the workspace's token by which it is known, for targets that are asked on its behalf; null when it is
///     known by something else
public record Identified(Principal principal, @Nullable Secret ownToken) {}
