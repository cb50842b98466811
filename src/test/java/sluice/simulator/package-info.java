/// What the simulator promises, seen through plain sockets and through the official client.
@NullMarked
package sluice.simulator;

import org.jspecify.annotations.NullMarked;
