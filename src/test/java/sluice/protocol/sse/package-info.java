/// Events, however the bytes fall.
@NullMarked
package sluice.protocol.sse;

import org.jspecify.annotations.NullMarked;
