/// Tests of the meter.
@NullMarked
package sluice.meter;

import org.jspecify.annotations.NullMarked;
