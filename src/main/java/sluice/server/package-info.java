/// Sockets in: who connects, what they ask, and how the answer goes back.
///
/// Arrives: HTTP/1.1 and HTTP/2 connections. Leaves: an {@link sluice.server.Exchange} per request, handed to the line
/// on a strand of the connection's own loop, and on the way back the answer or a {@code Failure} in the caller's
/// dialect. Start at {@link sluice.server.Listener}, then {@link sluice.server.Exchange}; {@code Refusal} is the one
/// switch from failures to statuses. Knows nothing of keys, models or targets.
@NullMarked
package sluice.server;

import org.jspecify.annotations.NullMarked;
