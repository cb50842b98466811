/// The product: {@code Main} enters, {@code Gateway} builds the parts and wires them.
@NullMarked
package sluice;

import org.jspecify.annotations.NullMarked;
