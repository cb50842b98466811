/// What names mean.
@NullMarked
package sluice.catalog;

import org.jspecify.annotations.NullMarked;
