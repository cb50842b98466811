package sluice.upstream.openai;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import sluice.loop.Strand;
import sluice.protocol.openai.ChatRequest;
import sluice.protocol.openai.ModelList;
import sluice.upstream.ChatReply;
import sluice.upstream.ChatSender;
import sluice.upstream.ErrorAnswer;
import sluice.upstream.Listing;
import sluice.upstream.Upstream;
import sluice.upstream.Wires;

/// A target that speaks OpenAI's dialect. It reports the usage of a stream only when asked to, so it is always asked;
/// the caller sees the extra chunk only when it asked too.
public final class OpenAi implements Upstream {
    private final String id;
    private final Wires wires;
    private final ChatSender sender;

    public OpenAi(Wires wires, Clock clock) {
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
                "/v1/chat/completions",
                asked.forTarget(model, true),
                asked.stream(),
                headers);
    }

    @Override
    public List<String> models(Strand strand) {
        return Listing.fetch(wires, strand, "/v1/models", sender, ModelList::ids);
    }

    private sluice.call.Failure.Upstream refusal(ErrorAnswer answer) {
        return answer.failure(id);
    }

    @Override
    public void retire(Duration patience) {
        wires.retire(patience);
    }
}
