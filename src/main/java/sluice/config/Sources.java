package sluice.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/// The files that one reading touched, each with a digest of what it held, so that a later look can tell whether
/// reading again would find anything else. A file that could not be read has an empty digest.
final class Sources {
    private static final byte[] NOT_READ = new byte[0];

    /// More than any file that is read here may hold; beyond it a file counts as changed by its size.
    private static final int MAX_BYTES = 1024 * 1024;

    private final Map<Path, byte[]> digests = new LinkedHashMap<>();

    /// Counts a change of the file as one of the configuration, whether it can be read now or not.
    void watch(Path file) {
        byte[] now;
        try {
            now = digest(readAtMost(file, MAX_BYTES));
        } catch (IOException _) {
            now = NOT_READ;
        }
        digests.put(file, now);
    }

    /// All bytes of a file that may change without making the configuration another.
    static byte[] readOnce(Path file, int maxBytes) throws IOException {
        var bytes = readAtMost(file, maxBytes);
        if (bytes.length > maxBytes) {
            throw new TooLarge(maxBytes);
        }
        return bytes;
    }

    /// All bytes of a file. The message of what is thrown follows the file's name in a sentence.
    byte[] read(Path file, int maxBytes) throws IOException {
        digests.put(file, NOT_READ);
        var bytes = readAtMost(file, MAX_BYTES);
        digests.put(file, digest(bytes));
        if (bytes.length > maxBytes) {
            throw new TooLarge(maxBytes);
        }
        return bytes;
    }

    /// True when a file holds something else than when it was read; content is compared, so that an editor's rename, a
    /// swapped symbolic link and a mended permission all count, and a mere touch does not.
    boolean changed() {
        for (var seen : digests.entrySet()) {
            byte[] now;
            try {
                now = digest(readAtMost(seen.getKey(), MAX_BYTES));
            } catch (IOException _) {
                now = NOT_READ;
            }
            if (!Arrays.equals(now, seen.getValue())) {
                return true;
            }
        }
        return false;
    }

    private static byte[] readAtMost(Path file, int maxBytes) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException("does not exist");
        }
        if (!Files.isRegularFile(file)) {
            throw new IOException("is not a regular file");
        }
        if (!Files.isReadable(file)) {
            throw new IOException("may not be read by this process");
        }
        try (var in = Files.newInputStream(file)) {
            return in.readNBytes(maxBytes + 1);
        } catch (IOException cause) {
            throw new IOException("cannot be read", cause);
        }
    }

    private static byte[] digest(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException cause) {
            throw new IllegalStateException("every Java has SHA-256", cause);
        }
    }

    static final class TooLarge extends IOException {
        private static final long serialVersionUID = 1L;

        TooLarge(int maxBytes) {
            super("is larger than the limit of " + maxBytes + " bytes");
        }
    }
}
