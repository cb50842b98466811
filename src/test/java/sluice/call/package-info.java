/// The nouns.
@NullMarked
package sluice.call;

import org.jspecify.annotations.NullMarked;
