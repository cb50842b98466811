/// Targets that speak OpenAI's dialects at {@code /v1/...}: OpenAI itself and any service like it.
///
/// Leaves: their paths, for a {@link sluice.upstream.Service}. Knows no other provider.
@NullMarked
package sluice.upstream.openai;

import org.jspecify.annotations.NullMarked;
