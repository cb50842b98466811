package sluice.upstream.databricks;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import sluice.call.Failure;
import sluice.loop.Strand;
import sluice.protocol.openai.ChatRequest;
import sluice.upstream.ChatReply;
import sluice.upstream.ChatSender;
import sluice.upstream.ErrorAnswer;
import sluice.upstream.Listing;
import sluice.upstream.Upstream;
import sluice.upstream.Wires;

/// A workspace's model serving surface, {@code /serving-endpoints} (facts/databricks.md section 1.1). It reports usage
/// on every chunk of a stream by itself, so the request is sent as it came.
public final class Databricks implements Upstream {
    private final String id;
    private final Wires wires;
    private final ChatSender sender;

    /// @param wires to the workspace's host, without {@code /serving-endpoints}
    public Databricks(Wires wires, Clock clock) {
        this.id = wires.target().id();
        this.wires = wires;
        this.sender = new ChatSender(wires, clock, this::refusal);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public ChatReply chat(
            Strand strand, ChatRequest asked, String model, Map<String, String> headers) {
        return sender.send(
                strand,
                "/serving-endpoints/chat/completions",
                asked.forTarget(model, false),
                asked.stream(),
                headers);
    }

    @Override
    public List<String> models(Strand strand) {
        return Listing.fetch(
                wires, strand, "/api/2.0/serving-endpoints", sender, ServingEndpoints::chatModels);
    }

    /// The gateway surface answers a bad token with 400 and plain text, and one about to expire with 403
    /// (facts/databricks.md section 3.7, facts/llm-protocols.md section 14): neither is the caller's fault.
    private Failure.Upstream refusal(ErrorAnswer answer) {
        var words = answer.message().toLowerCase(Locale.ROOT);
        boolean badToken =
                (answer.status() == 400 && words.startsWith("invalid token"))
                        || (answer.status() == 403
                                && (words.contains("invalid access token")
                                        || words.contains("token is expir")));
        if (badToken) {
            return new Failure.CredentialRefused(id, answer.status());
        }
        if (answer.status() == 404 && isUnknownEndpoint(answer)) {
            return new Failure.Rejected(
                    id, 404, answer.message(), null, "model_not_found", "model");
        }
        return answer.failure(id);
    }

    private static boolean isUnknownEndpoint(ErrorAnswer answer) {
        return "RESOURCE_DOES_NOT_EXIST".equals(answer.code()) || "NOT_FOUND".equals(answer.code());
    }

    @Override
    public void retire(Duration patience) {
        wires.retire(patience);
    }
}
