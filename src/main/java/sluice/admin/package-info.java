/// What operators may look at. Arrives: a request under {@code /admin/v1}, with the operator's key. Leaves: a document
/// that says how things are. Start at {@link sluice.admin.Admin}. Never on the path of a call.
@NullMarked
package sluice.admin;

import org.jspecify.annotations.NullMarked;
