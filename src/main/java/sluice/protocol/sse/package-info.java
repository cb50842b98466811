/// Server-sent events as bytes: where one ends, and what its data is.
///
/// Arrives: reads of any size. Leaves: an {@link sluice.protocol.sse.SseEvent} for each complete event, its bytes as
/// they came. Start at {@link sluice.protocol.sse.SseReader}. Knows no dialect.
@NullMarked
package sluice.protocol.sse;

import org.jspecify.annotations.NullMarked;
