package sluice.upstream;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import sluice.call.Bytes;
import sluice.call.CallFailed;
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
    /// @return reads the names out of what came; not on a loop
    public static Supplier<List<String>> fetch(
            Wires wires,
            Strand strand,
            String path,
            Map<String, String> headers,
            Sender sender,
            Reader reader) {
        var target = wires.target();
        var pages =
                target.tokens()
                        .renewingOnce(
                                strand, () -> pages(wires, strand, path, headers, sender, reader));
        return () -> names(pages, reader, target.id());
    }

    /// Asks whether anything well answers at the path.
    ///
    /// @throws CallFailed with a {@code Failure.Upstream} when nothing does
    public static void probe(
            Wires wires, Strand strand, String path, Map<String, String> headers, Sender sender) {
        wires.target()
                .tokens()
                .renewingOnce(
                        strand,
                        () -> {
                            try (var transfer = wires.get(strand, path, headers)) {
                                int status = transfer.awaitStatus();
                                if (status < 200 || status >= 300) {
                                    throw sender.refused(transfer, status).asException();
                                }
                                return status;
                            }
                        });
    }

    /// All pages, which together are no larger than one may be.
    private static List<Bytes> pages(
            Wires wires,
            Strand strand,
            String path,
            Map<String, String> headers,
            Sender sender,
            Reader reader) {
        var pages = new ArrayList<Bytes>(1);
        long room = MAX_BYTES;
        try {
            var next = Optional.of(path);
            while (next.isPresent() && pages.size() < MAX_PAGES) {
                var page = page(wires, strand, next.get(), headers, sender, room);
                pages.add(page);
                room -= page.length();
                next = reader.nextPage(page).map(token -> withToken(path, token));
            }
            return pages;
        } catch (NotJson not) {
            throw notAList(wires.target().id());
        }
    }

    private static List<String> names(List<Bytes> pages, Reader reader, String target) {
        var names = new ArrayList<String>();
        try {
            for (var page : pages) {
                names.addAll(reader.names(page));
            }
            return names;
        } catch (NotJson not) {
            throw notAList(target);
        }
    }

    private static CallFailed notAList(String target) {
        return new Failure.BrokenAnswer(target, "a model list that is not JSON").asException();
    }

    private static Bytes page(
            Wires wires,
            Strand strand,
            String path,
            Map<String, String> headers,
            Sender sender,
            long maxBytes) {
        try (var transfer = wires.get(strand, path, headers)) {
            int status = transfer.awaitStatus();
            if (status != 200) {
                throw sender.refused(transfer, status).asException();
            }
            return transfer.readAll(maxBytes);
        }
    }

    private static String withToken(String path, String token) {
        return path
                + (path.indexOf('?') < 0 ? "?" : "&")
                + "page_token="
                + URLEncoder.encode(token, StandardCharsets.UTF_8);
    }
}
