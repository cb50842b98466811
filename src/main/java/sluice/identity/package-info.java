/// Who is calling. Arrives: the credentials that a request presents. Leaves: a {@code Principal}, or the one refusal.
/// Start at {@link sluice.identity.Identity}; {@link sluice.identity.VirtualKeys} are the operator's own keys, {@link
/// sluice.identity.Issuers} believe tokens of identity providers. Knows nothing of models, and asks others only through
/// its port {@link sluice.identity.Fetch}.
@NullMarked
package sluice.identity;

import org.jspecify.annotations.NullMarked;
