package sluice.loop;

import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.List;
import sluice.call.Bytes;

/// Between our bytes and the socket library's buffers, without copying where the memory allows it.
public final class Wire {
    private Wire() {}

    public static Buffer buffer(Bytes bytes) {
        return BufferInternal.buffer(
                Unpooled.wrappedBuffer(bytes.array(), bytes.from(), bytes.length()));
    }

    /// One buffer over all the pieces, which stay where they are.
    public static Buffer buffer(List<Bytes> pieces) {
        if (pieces.size() == 1) {
            return buffer(pieces.getFirst());
        }
        var whole = Unpooled.compositeBuffer(Math.max(2, pieces.size()));
        for (var piece : pieces) {
            whole.addComponent(
                    true, Unpooled.wrappedBuffer(piece.array(), piece.from(), piece.length()));
        }
        return BufferInternal.buffer(whole);
    }

    /// What was read from a socket. The library hands out buffers of their own, on the heap, so this copies nothing.
    public static Bytes bytes(Buffer read) {
        var buffer = ((BufferInternal) read).getByteBuf();
        if (!buffer.hasArray()) {
            return Bytes.of(read.getBytes());
        }
        int from = buffer.arrayOffset() + buffer.readerIndex();
        return Bytes.of(buffer.array(), from, from + buffer.readableBytes());
    }
}
