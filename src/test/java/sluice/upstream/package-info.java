/// Tests of what a target's answers mean.
@NullMarked
package sluice.upstream;

import org.jspecify.annotations.NullMarked;
