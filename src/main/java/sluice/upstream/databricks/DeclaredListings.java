package sluice.upstream.databricks;

import static sluice.upstream.databricks.DeclaredModels.Source.FOUNDATION_MODELS;
import static sluice.upstream.databricks.DeclaredModels.Source.GATEWAY_ENDPOINTS;
import static sluice.upstream.databricks.DeclaredModels.Source.MODEL_SERVICES;
import static sluice.upstream.databricks.DeclaredModels.Source.SERVING_ENDPOINTS;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;
import sluice.call.CallFailed;
import sluice.call.Failure;
import sluice.json.Fields;
import sluice.json.Governed;
import sluice.json.Kind;
import sluice.json.Limits;
import sluice.json.NotJson;
import sluice.loop.Strand;
import sluice.upstream.ErrorAnswer;
import sluice.upstream.Wires;
import sluice.upstream.databricks.DeclaredModels.Source;

/// The listings of a workspace, fetched and not yet read: fetching waits on a strand, and {@link #models} reads
/// megabytes, which is work for a thread that carries no calls.
///
/// ```java
/// var listings = DeclaredListings.fetch(wires, strand, schemas); // on a strand
/// var models = listings.models(); // off the loops
/// ```
public final class DeclaredListings {
    /// The ready-made services of every workspace; always asked for, since an unscoped listing walks the metastore.
    private static final String READY_MADE = "system.ai";

    private static final int MAX_SCHEMAS = 100;
    private static final int MAX_PAGES = 100;
    private static final int MAX_TOKEN = 4_096;
    private static final long MAX_DOCUMENT_BYTES = 16 << 20;
    private static final long MAX_PAGED_BYTES = 64 << 20;
    private static final int TRIES = 4;
    private static final Duration PAUSE = Duration.ofMillis(150);
    private static final Governed NEXT = Governed.of("next_page_token");

    private final Map<Source, List<Bytes>> documents;
    private final Set<Source> unanswered;

    private DeclaredListings(Map<Source, List<Bytes>> documents, Set<Source> unanswered) {
        this.documents = documents;
        this.unanswered = unanswered;
    }

    /// Asks for all listings, one after the other. One that this workspace lacks or forbids is passed over.
    ///
    /// @param wires to the workspace's bare host
    /// @param schemas the operator's further {@code catalog.schema} names, whose services are listed too; at most 100
    /// @throws CallFailed with a {@code Failure.Upstream} when the credential is refused, the workspace cannot be
    ///     reached, or no listing at all could be had
    public static DeclaredListings fetch(Wires wires, Strand strand, List<String> schemas) {
        var asking = new Asking(wires, strand);
        for (var schema : scopes(schemas)) {
            asking.pages(
                    MODEL_SERVICES,
                    "/api/2.1/unity-catalog/model-services?parent=schemas/"
                            + PathSegment.encoded(schema)
                            + "&page_size=100");
        }
        asking.document(FOUNDATION_MODELS, "/api/2.0/serving-endpoints:foundation-models");
        asking.document(SERVING_ENDPOINTS, "/api/2.0/serving-endpoints");
        asking.pages(GATEWAY_ENDPOINTS, "/api/ai-gateway/v2/endpoints?page_size=100");
        return asking.answered();
    }

    /// Reads and joins what came. A listing that is not what it should be counts as unanswered.
    public DeclaredModels models() {
        return DeclaredRows.join(documents, unanswered);
    }

    private static List<String> scopes(List<String> schemas) {
        var scopes = new ArrayList<String>();
        scopes.add(READY_MADE);
        schemas.stream()
                .distinct()
                .filter(schema -> !schema.equals(READY_MADE))
                .forEach(scopes::add);
        if (scopes.size() > MAX_SCHEMAS + 1) {
            throw new IllegalArgumentException(
                    "at most " + MAX_SCHEMAS + " schemas are listed, got " + schemas.size());
        }
        return scopes;
    }

    /// One round of questions.
    private static final class Asking {
        private final Wires wires;
        private final Strand strand;
        private final Map<Source, List<Bytes>> documents = new EnumMap<>(Source.class);
        private final Set<Source> unanswered = EnumSet.noneOf(Source.class);
        private @Nullable CallFailed first;

        Asking(Wires wires, Strand strand) {
            this.wires = wires;
            this.strand = strand;
        }

        void document(Source source, String path) {
            page(source, path);
        }

        /// Follows the tokens from page to page.
        void pages(Source source, String path) {
            var seen = new HashSet<String>();
            long bytes = 0;
            var where = path;
            for (int count = 0; ; count++) {
                if (count == MAX_PAGES || bytes > MAX_PAGED_BYTES) {
                    unanswered.add(source);
                    return;
                }
                var page = page(source, where);
                if (page == null) {
                    return;
                }
                bytes += page.length();
                var token = nextToken(page);
                if (token == null || !seen.add(token)) {
                    return;
                }
                where = path + "&page_token=" + PathSegment.encoded(token);
            }
        }

        /// One document, kept and returned; null when there is none to be had.
        private @Nullable Bytes page(Source source, String path) {
            for (int tries = 1; ; tries++) {
                try {
                    var page = get(path);
                    if (page != null) {
                        documents.computeIfAbsent(source, _ -> new ArrayList<>()).add(page);
                    }
                    return page;
                } catch (CallFailed failed) {
                    if (!isPassing(failed.failure()) || tries == TRIES) {
                        giveUp(source, failed);
                        return null;
                    }
                }
                strand.await(() -> false, System.nanoTime() + PAUSE.toNanos() * tries);
            }
        }

        private void giveUp(Source source, CallFailed failed) {
            var failure = failed.failure();
            if (!(failure instanceof Failure.Upstream)
                    || failure instanceof Failure.CredentialRefused
                    || failure instanceof Failure.Unreachable) {
                throw failed;
            }
            unanswered.add(source);
            first = first == null ? failed : first;
        }

        /// @return null when the workspace does not have this listing, or not for us
        private @Nullable Bytes get(String path) {
            var id = wires.target().id();
            try (var transfer = wires.get(strand, path)) {
                int status = transfer.awaitStatus();
                if (status == 200) {
                    return transfer.readAll(MAX_DOCUMENT_BYTES);
                }
                var answer =
                        ErrorAnswer.read(
                                status,
                                transfer.readSome(ErrorAnswer.MAX_BYTES),
                                transfer::header,
                                Instant.EPOCH);
                if (Refusal.isBadCredential(status, answer.message())) {
                    throw new Failure.CredentialRefused(id, status).asException();
                }
                if (status == 403
                        || status == 404
                        || status == 501
                        || Refusal.FEATURE_DISABLED.equals(answer.code())) {
                    return null;
                }
                // its words are left out: nobody needs them for a listing
                throw new Failure.Faulted(id, status, "a listing of its models failed")
                        .asException();
            }
        }

        DeclaredListings answered() {
            if (documents.isEmpty() && first != null) {
                throw first;
            }
            return new DeclaredListings(documents, unanswered);
        }
    }

    /// Listings are cut off now and then (facts/databricks.md section 5), and rate limited too.
    private static boolean isPassing(Failure failure) {
        return failure instanceof Failure.Faulted faulted
                && switch (faulted.status()) {
                    case 429, 499, 500, 502, 503, 504 -> true;
                    default -> false;
                };
    }

    private static @Nullable String nextToken(Bytes page) {
        try {
            var token = Fields.scan(page, NEXT, Limits.DEFAULT).find("next_page_token");
            if (token == null || token.kind() != Kind.STRING) {
                return null;
            }
            var text = token.string();
            return text.isEmpty() || text.length() > MAX_TOKEN ? null : text;
        } catch (NotJson not) {
            return null; // found again when the page is read
        }
    }
}
