/// Callers as they are: each speaks one dialect to a gateway, by the official client and by the
/// bytes that this client sends. Start at {@link sluice.speaker.Speaker}. A {@link
/// sluice.speaker.Wish} goes in, what was {@link sluice.speaker.Heard} comes out, whatever the
/// dialect. Knows nothing of targets.
@NullMarked
package sluice.speaker;

import org.jspecify.annotations.NullMarked;
