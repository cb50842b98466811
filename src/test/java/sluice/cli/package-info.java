/// The commands, typed in this process: what they print and how they exit.
@NullMarked
package sluice.cli;

import org.jspecify.annotations.NullMarked;
