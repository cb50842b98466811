/// Streams through the whole gateway, over real sockets: {@link sluice.line.StreamingGateway} is the gateway,
/// {@link sluice.line.Client} the caller, and the simulator or a {@link sluice.line.RawUpstream} the other side.
@NullMarked
package sluice.line;

import org.jspecify.annotations.NullMarked;
