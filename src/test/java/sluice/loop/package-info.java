/// Waiting and being woken.
@NullMarked
package sluice.loop;

import org.jspecify.annotations.NullMarked;
