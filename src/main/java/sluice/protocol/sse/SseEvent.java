package sluice.protocol.sse;

import sluice.call.Bytes;

/// One complete event.
///
/// @param raw the event as it came, with the blank line that ends it
/// @param data the payload: its {@code data} lines joined by a line feed; empty for a comment
public record SseEvent(Bytes raw, Bytes data) {}
