/// What is remembered, and what is not lost.
@NullMarked
package sluice.ledger;

import org.jspecify.annotations.NullMarked;
