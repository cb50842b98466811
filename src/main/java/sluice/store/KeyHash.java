package sluice.store;

import java.nio.ByteBuffer;

/// The keyed hash of a virtual key: 32 bytes, as four numbers. It says nothing about the key to whoever has not the
/// secret that it was made with.
public record KeyHash(long a, long b, long c, long d) {
    public static final int BYTES = 32;

    /// @throws IllegalArgumentException when it is not 32 bytes long
    public static KeyHash of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException(
                    "a key's hash has " + BYTES + " bytes, got " + bytes.length);
        }
        var read = ByteBuffer.wrap(bytes);
        return new KeyHash(read.getLong(), read.getLong(), read.getLong(), read.getLong());
    }

    public byte[] bytes() {
        return ByteBuffer.allocate(BYTES).putLong(a).putLong(b).putLong(c).putLong(d).array();
    }

    /// Takes the same time wherever they differ.
    public boolean matches(KeyHash other) {
        return ((a ^ other.a) | (b ^ other.b) | (c ^ other.c) | (d ^ other.d)) == 0;
    }

    @Override
    public String toString() {
        return "(hash)";
    }
}
