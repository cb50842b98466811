/// May they. Arrives: a caller and what it asks for. Leaves: a {@code Grant}, or the refusal that says what is missing
/// and whose it is. Start at {@link sluice.access.Access}, then {@link sluice.access.Standing}. Knows nothing of targets or HTTP.
@NullMarked
package sluice.access;

import org.jspecify.annotations.NullMarked;
