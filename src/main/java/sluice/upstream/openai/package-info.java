/// Targets that speak OpenAI's dialect at {@code /v1/...}: OpenAI itself and any service like it.
///
/// Arrives and leaves: what {@code upstream} says of every provider. Start at {@link sluice.upstream.openai.OpenAi}.
/// Knows no other provider.
@NullMarked
package sluice.upstream.openai;

import org.jspecify.annotations.NullMarked;
