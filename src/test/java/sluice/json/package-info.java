/// What the scanner promises, first in sentences, then against Jackson over documents drawn by chance.
@NullMarked
package sluice.json;

import org.jspecify.annotations.NullMarked;
