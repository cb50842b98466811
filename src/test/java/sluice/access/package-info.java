@NullMarked
package sluice.access;

import org.jspecify.annotations.NullMarked;
