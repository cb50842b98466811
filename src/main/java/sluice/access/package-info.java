/// May they. Arrives: a caller and what it asks for. Leaves: a {@code Grant}, or the refusal that says what is missing.
/// Start at {@link sluice.access.Access}. Limits and budgets will live here too. Knows nothing of targets or HTTP.
@NullMarked
package sluice.access;

import org.jspecify.annotations.NullMarked;
