/// Targets that speak Anthropic's dialect at {@code /v1/messages}: Anthropic itself and any service like it.
///
/// Leaves: their paths and what every request to them needs, for a {@link sluice.upstream.Service}. Knows no other
/// provider.
@NullMarked
package sluice.upstream.anthropic;

import org.jspecify.annotations.NullMarked;
