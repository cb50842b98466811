/// The chat completions format, as callers write it and as providers vary it.
@NullMarked
package sluice.protocol.openai;

import org.jspecify.annotations.NullMarked;
