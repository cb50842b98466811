@NullMarked
package sluice.protocol;

import org.jspecify.annotations.NullMarked;
