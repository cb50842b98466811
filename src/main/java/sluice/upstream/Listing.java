package sluice.upstream;

import java.util.List;
import java.util.Map;
import sluice.call.Bytes;
import sluice.call.Failure;
import sluice.json.NotJson;
import sluice.loop.Strand;

/// Fetches what a target lists, for discovery. Off the path, bounded, and told apart from a call's reply.
public final class Listing {
    private static final long MAX_BYTES = 16 << 20;

    private Listing() {}

    /// Reads the names out of a listing document.
    @FunctionalInterface
    public interface Reader {
        List<String> names(Bytes document) throws NotJson;
    }

    /// @param headers that go along, by lower-case name
    public static List<String> fetch(
            Wires wires,
            Strand strand,
            String path,
            Map<String, String> headers,
            Sender sender,
            Reader reader) {
        return wires.target()
                .tokens()
                .renewingOnce(
                        strand, () -> fetchOnce(wires, strand, path, headers, sender, reader));
    }

    private static List<String> fetchOnce(
            Wires wires,
            Strand strand,
            String path,
            Map<String, String> headers,
            Sender sender,
            Reader reader) {
        try (var transfer = wires.get(strand, path, headers)) {
            int status = transfer.awaitStatus();
            if (status != 200) {
                throw sender.refused(transfer, status).asException();
            }
            return reader.names(transfer.readAll(MAX_BYTES));
        } catch (NotJson not) {
            throw new Failure.BrokenAnswer(wires.target().id(), "a model list that is not JSON")
                    .asException();
        }
    }
}
