package sluice.protocol.openai;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;
import sluice.json.Splice;
import sluice.protocol.StreamEvent;

/// Puts the usage of a stream where the standard has it: in one chunk of its own before the terminator, and only when
/// the caller asked (facts/llm-protocols.md section 3). Providers put it on every chunk, on the last one, or after it;
/// clients that add up a stream take the first usage they see for the end and fail on the next chunk.
public final class UsageAtTheEnd {
    private static final Bytes NO_CHOICES = Bytes.utf8("[]");
    private static final Bytes DATA = Bytes.utf8("data: ");
    private static final Bytes NEXT_LINE = Bytes.utf8("\ndata: ");
    private static final Bytes END = Bytes.utf8("\n\n");

    private final boolean asked;
    private StreamEvent.@Nullable Part last;

    /// @param asked whether the caller wants to see usage
    public UsageAtTheEnd(boolean asked) {
        this.asked = asked;
    }

    /// Adds to {@code out} what the caller sees of this event. An event without usage passes as it came.
    public void pass(StreamEvent event, List<Bytes> out) {
        switch (event) {
            case StreamEvent.Part chunk when chunk.usage() == null -> out.add(chunk.source().raw());
            case StreamEvent.Part chunk -> {
                last = chunk;
                if (!ChatChoices.sayNothing(chunk.fields())) {
                    write(Splice.of(chunk.fields()).remove("usage"), out);
                }
            }
            case StreamEvent.Done done -> {
                if (asked && last != null) {
                    write(Splice.of(last.fields()).put("choices", NO_CHOICES), out);
                }
                out.add(done.source().raw());
            }
            case StreamEvent.Failed _ ->
                    throw new IllegalStateException("a failure is not passed on, it is told");
            case StreamEvent.Comment comment -> out.add(comment.source().raw());
        }
    }

    private static void write(Splice document, List<Bytes> out) {
        out.add(DATA);
        for (var piece : document.pieces().inOrder()) {
            writeLines(piece, out);
        }
        out.add(END);
    }

    /// The lines of a payload that came on several data lines are data lines again.
    private static void writeLines(Bytes piece, List<Bytes> out) {
        int start = 0;
        for (int i = 0; i < piece.length(); i++) {
            if (piece.array()[piece.from() + i] == '\n') {
                out.add(piece.slice(start, i));
                out.add(NEXT_LINE);
                start = i + 1;
            }
        }
        out.add(piece.slice(start, piece.length()));
    }
}
