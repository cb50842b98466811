package sluice.upstream;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sluice.call.Bytes;
import sluice.call.Failure;
import sluice.json.NotJson;
import sluice.loop.Strand;

/// Fetches what a target lists, for discovery. Off the path, bounded, and told apart from a call's reply.
public final class Listing {
    private static final int MAX_PAGES = 100;
    private static final long MAX_BYTES = 16 << 20;

    private Listing() {}

    /// Reads the names out of a listing document.
    @FunctionalInterface
    public interface Reader {
        List<String> names(Bytes document) throws NotJson;

        /// What to ask the next page with, as {@code page_token}; nothing on the last one.
        default Optional<String> nextPage(Bytes document) throws NotJson {
            return Optional.empty();
        }
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
        var names = new ArrayList<String>();
        try {
            var next = Optional.of(path);
            for (int page = 0; next.isPresent() && page < MAX_PAGES; page++) {
                var document = page(wires, strand, next.get(), headers, sender);
                names.addAll(reader.names(document));
                next = reader.nextPage(document).map(token -> withToken(path, token));
            }
            return names;
        } catch (NotJson not) {
            throw new Failure.BrokenAnswer(wires.target().id(), "a model list that is not JSON")
                    .asException();
        }
    }

    private static Bytes page(
            Wires wires, Strand strand, String path, Map<String, String> headers, Sender sender) {
        try (var transfer = wires.get(strand, path, headers)) {
            int status = transfer.awaitStatus();
            if (status != 200) {
                throw sender.refused(transfer, status).asException();
            }
            return transfer.readAll(MAX_BYTES);
        }
    }

    private static String withToken(String path, String token) {
        return path
                + (path.indexOf('?') < 0 ? "?" : "&")
                + "page_token="
                + URLEncoder.encode(token, StandardCharsets.UTF_8);
    }
}
