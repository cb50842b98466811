/// Decides where an allowed call goes. Arrives: a {@code Grant}. Leaves: a {@link sluice.route.Route}, the target that
/// answers and the name it knows the model by. Start at {@link sluice.route.Router}. Knows nothing of HTTP or money.
@NullMarked
package sluice.route;

import org.jspecify.annotations.NullMarked;
