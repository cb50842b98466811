/// Who is calling. Arrives: the credentials that a request presents. Leaves: a {@code Principal}, or the one refusal.
/// Start at {@link sluice.identity.VirtualKeys}. Knows nothing of models.
@NullMarked
package sluice.identity;

import org.jspecify.annotations.NullMarked;
