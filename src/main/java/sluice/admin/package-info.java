/// The operators' door, {@code /admin/v1}. Arrives: a request, with what shows that an operator sends it. Leaves: a
/// document that says how things are, or a change of what the store holds, tried on the whole configuration first. Start
/// at {@link sluice.admin.Admin}; {@link sluice.admin.Doorkeeper} knows who may come in, {@code Rights} what each role may.
/// Never on the path of a call; waits for the store on threads of its own.
@NullMarked
package sluice.admin;

import org.jspecify.annotations.NullMarked;
