/// Who is calling.
@NullMarked
package sluice.identity;

import org.jspecify.annotations.NullMarked;
