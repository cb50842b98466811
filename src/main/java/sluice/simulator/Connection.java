package sluice.simulator;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;

/// One connection of one caller, from accept to close: requests in turn, each answered before the next is read.
final class Connection implements Runnable, AutoCloseable {
    /// What the real one takes for a chat request; one byte more is kept to tell that there was more.
    static final int BODY_BYTES_MAX = 4 << 20;

    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Duration LINGER = Duration.ofSeconds(1);

    private final Socket socket;
    private final Inbound in;
    private final OutputStream out;
    private final Workspace workspace;
    private final Recording recording;

    Connection(Socket socket, Workspace workspace, Recording recording) throws IOException {
        socket.setTcpNoDelay(true);
        this.socket = socket;
        this.in = new Inbound(socket);
        this.out = socket.getOutputStream();
        this.workspace = workspace;
        this.recording = recording;
    }

    @Override
    public void run() {
        recording.opened();
        try (socket) {
            serve();
        } catch (IOException gone) {
            // The other side left, or the simulator is closing: either way there is nobody to tell.
        } finally {
            recording.closed();
        }
    }

    private void serve() throws IOException {
        try {
            for (var request = in.next(BODY_BYTES_MAX + 1);
                    request != null && answer(request);
                    request = in.next(BODY_BYTES_MAX + 1)) {}
        } catch (Inbound.Malformed wrong) {
            var reply = Reply.normal(Answer.text(400, wrong.getMessage() + "\n"));
            new Delivery(this, reply.wire(), false).send(reply.answer());
            socket.shutdownOutput();
            in.forget(LINGER); // closing on unread bytes would reset the answer away
        }
    }

    /// True when the connection can carry another request.
    private boolean answer(Request request) throws IOException {
        var entry = recording.saw(request);
        var outcome = Recording.Outcome.ABORTED;
        try {
            boolean keep = !request.header("connection").equalsIgnoreCase("close");
            var reply = workspace.answer(request);
            boolean kept = new Delivery(this, reply.wire(), keep).send(reply.answer());
            outcome = Recording.Outcome.COMPLETE;
            return kept;
        } catch (Cut asScripted) {
            outcome = Recording.Outcome.CUT;
            return false;
        } finally {
            recording.ended(entry, outcome);
        }
    }

    void write(byte[] bytes) throws IOException {
        out.write(bytes);
    }

    /// Waits. A long wait listens for a caller who leaves; a short one only sleeps, at a fraction of the cost, because
    /// the write after it finds out as well.
    void pause(Duration time) throws IOException {
        if (time.isZero()) {
            return;
        }
        if (time.compareTo(SHORT) > 0) {
            in.listen(time);
            return;
        }
        try {
            Thread.sleep(time);
        } catch (InterruptedException closing) {
            throw new InterruptedIOException("the simulator is closing");
        }
    }

    /// Ends the answer where it is; what comes back is to be thrown.
    IOException end(Script.End how) throws IOException {
        switch (how) {
            case SILENCE -> {
                return in.listenUntilGone();
            }
            case RESET -> reset();
            case CLOSE, DONE -> close();
        }
        return new Cut();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException alreadyGone) {
            // Closed is closed.
        }
    }

    /// Closes in the rude way: the caller sees a reset, not an end.
    private void reset() {
        try {
            socket.setSoLinger(true, 0);
        } catch (SocketException alreadyGone) {
            // Closed is closed.
        }
        close();
    }

    /// The answer was broken off because its script said so.
    private static final class Cut extends IOException {
        Cut() {
            super("broken off as the script says");
        }
    }
}
