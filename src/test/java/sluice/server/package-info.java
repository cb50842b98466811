/// Parts of the listener that no call over a socket can show alone.
@NullMarked
package sluice.server;

import org.jspecify.annotations.NullMarked;
