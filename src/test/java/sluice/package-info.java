/// Tests of the whole product: its shape, and the gateway over real sockets.
@NullMarked
package sluice;

import org.jspecify.annotations.NullMarked;
