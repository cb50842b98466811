/// Where calls go, on a clock that stands still until the next event.
@NullMarked
package sluice.route;

import org.jspecify.annotations.NullMarked;
