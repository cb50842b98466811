package sluice.ledger;

import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.call.Bytes;

/// Where the lines go: a file that is set aside when it is full, so that the disk has a bound, or standard output. Used
/// by the writer thread only. A disk that fails loses lines, counts them and is tried again; it never stops a call.
public final class LedgerFile {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerFile.class);
    private static final int BUFFER_BYTES = 64 * 1024;

    private final @Nullable Path path;
    private final long maxBytes;
    private final int maxFiles;
    private @Nullable OutputStream out;
    private long written;
    private final AtomicLong lost = new AtomicLong();
    private boolean failing;

    /// Lines that the buffer took and the disk may not have.
    private long unflushed;

    private LedgerFile(@Nullable Path path, long maxBytes, int maxFiles) {
        this.path = path;
        this.maxBytes = maxBytes;
        this.maxFiles = maxFiles;
    }

    /// Opens {@code path} for appending and makes its folder; {@code path.1} is the file before it, and so on.
    ///
    /// @throws UncheckedIOException when the file cannot be opened at the start
    public static LedgerFile at(Path path, long maxBytes, int maxFiles) {
        var file = new LedgerFile(path, maxBytes, maxFiles);
        try {
            file.open();
        } catch (IOException refused) {
            throw new UncheckedIOException(
                    "ledger.path: cannot write to " + path + ": " + refused.getMessage(), refused);
        }
        return file;
    }

    public static LedgerFile standardOutput() {
        var file = new LedgerFile(null, Long.MAX_VALUE, 1);
        file.out =
                new BufferedOutputStream(
                        new FileOutputStream(java.io.FileDescriptor.out), BUFFER_BYTES);
        return file;
    }

    void append(Bytes line) {
        unflushed++;
        try {
            if (written + line.length() + 1 > maxBytes && written > 0) {
                setAside();
            }
            var to = out != null ? out : open();
            to.write(line.array(), line.from(), line.length());
            to.write('\n');
            written += line.length() + 1L;
        } catch (IOException fault) {
            lose(fault);
        }
    }

    void flush() {
        try {
            if (out != null) {
                out.flush();
                failing = false;
                unflushed = 0;
            }
        } catch (IOException fault) {
            lose(fault);
        }
    }

    long lost() {
        return lost.get();
    }

    void close() {
        try {
            if (out != null && path != null) {
                out.close();
            } else if (out != null) {
                out.flush();
            }
            unflushed = 0;
        } catch (IOException fault) {
            lose(fault);
        }
    }

    private OutputStream open() throws IOException {
        var where = path;
        if (where == null) {
            throw new IOException("standard output is closed");
        }
        var folder = where.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        var opened =
                new BufferedOutputStream(new FileOutputStream(where.toFile(), true), BUFFER_BYTES);
        written = Files.size(where);
        out = opened;
        if (written > 0 && !endsALine(where)) {
            opened.write('\n');
            written++;
        }
        return opened;
    }

    /// False when a crash or a full disk tore the last line; what is appended must not be torn with it.
    private static boolean endsALine(Path where) throws IOException {
        try (var file = new RandomAccessFile(where.toFile(), "r")) {
            file.seek(file.length() - 1);
            return file.read() == '\n';
        }
    }

    private void setAside() throws IOException {
        var where = path;
        if (where == null || out == null) {
            return;
        }
        out.close();
        out = null;
        unflushed = 1; // the line that did not fit
        Files.deleteIfExists(numbered(where, maxFiles - 1));
        for (int i = maxFiles - 2; i >= 1; i--) {
            if (Files.exists(numbered(where, i))) {
                Files.move(
                        numbered(where, i),
                        numbered(where, i + 1),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
        if (maxFiles > 1) {
            Files.move(where, numbered(where, 1), StandardCopyOption.REPLACE_EXISTING);
        } else {
            Files.delete(where);
        }
        open();
    }

    private static Path numbered(Path path, int number) {
        return path.resolveSibling(path.getFileName() + "." + number);
    }

    private void lose(IOException fault) {
        lost.addAndGet(unflushed);
        unflushed = 0;
        if (!failing) {
            failing = true;
            LOG.error("ledger.path: cannot write to {}: {}", path, fault.getMessage());
        }
        try {
            if (out != null && path != null) {
                out.close();
            }
        } catch (IOException alsoFailing) {
            // the first fault was reported
        }
        if (path != null) {
            out = null;
        }
    }
}
