package sluice.bench;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Reads one streamed answer, byte by byte, and checks each frame against the one that was due.
final class EventReader {
    private enum State {
        HEAD,
        SIZE,
        CHUNK,
        CHUNK_END,
        TRAILER,
        RAW,
        ENDED
    }

    interface Heard {
        void frame(long writtenAt);
    }

    private State state = State.HEAD;
    private byte[] held = new byte[1024];
    private int length;
    private int chunk;
    private int next;
    private String wrong = "";

    void take(byte[] bytes, int count, Heard heard) {
        for (var at = 0; at < count; at++) {
            take(bytes[at], heard);
        }
    }

    /// All frames, in order, and the end of the answer.
    boolean complete() {
        return wrong.isEmpty()
                && next == Frames.COUNT
                && (state == State.ENDED || state == State.RAW);
    }

    boolean finished() {
        return !wrong.isEmpty() || complete();
    }

    String problem() {
        return wrong.isEmpty() ? "ended after %d frames, %s".formatted(next, state) : wrong;
    }

    private void take(byte each, Heard heard) {
        switch (state) {
            case HEAD -> head(each);
            case SIZE -> size(each);
            case CHUNK -> {
                payload(each, heard);
                if (--chunk == 0) {
                    state = State.CHUNK_END;
                }
            }
            case CHUNK_END -> {
                if (each == '\n') {
                    state = State.SIZE;
                }
            }
            case TRAILER -> {
                if (each == '\n') {
                    state = State.ENDED;
                }
            }
            case RAW -> payload(each, heard);
            case ENDED -> wrong = "bytes after the end";
        }
    }

    private void head(byte each) {
        hold(each);
        if (each != '\n' || length < 4 || held[length - 3] != '\n') {
            return;
        }
        var head = new String(held, 0, length, StandardCharsets.ISO_8859_1);
        if (!head.startsWith("HTTP/1.1 200")) {
            wrong = "answered " + head.lines().findFirst().orElse("nothing");
        }
        var chunked =
                head.toLowerCase(java.util.Locale.ROOT).contains("transfer-encoding: chunked");
        state = chunked ? State.SIZE : State.RAW;
        length = 0;
    }

    private void size(byte each) {
        if (each == '\n') {
            state = chunk == 0 ? State.TRAILER : State.CHUNK;
        } else if (each != '\r') {
            chunk = chunk * 16 + Character.digit(each, 16);
        }
    }

    private void payload(byte each, Heard heard) {
        hold(each);
        if (each != '\n' || length < 2 || held[length - 2] != '\n') {
            return;
        }
        if (held[0] != ':') { // a comment keeps a connection alive and is no frame
            if (Frames.is(next, held, length)) {
                next++;
                heard.frame(Frames.writtenAt(held, length));
            } else if (wrong.isEmpty()) {
                var got = new String(held, 0, Math.min(length, 300), StandardCharsets.UTF_8);
                wrong = "frame %d was due, got %s".formatted(next, got.strip());
            }
        }
        length = 0;
    }

    private void hold(byte each) {
        if (length == held.length) {
            held = Arrays.copyOf(held, length * 2);
        }
        held[length++] = each;
    }
}
