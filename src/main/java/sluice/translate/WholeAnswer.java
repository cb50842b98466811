package sluice.translate;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Keeps the blocks of an answer that is told whole.
final class WholeAnswer implements Blocks {
    /// One block, complete.
    sealed interface Block {}

    record Text(StringBuilder text, List<JsonNode> citations) implements Block {}

    /// @param signature empty when nobody vouches for it
    record Thinking(StringBuilder thinking, String signature) implements Block {}

    record Redacted(String data) implements Block {}

    /// @param id empty when the target gave none
    record Tool(String id, String name, StringBuilder arguments) implements Block {}

    private final List<Block> blocks = new ArrayList<>();
    private String id = "";
    private String model = "";

    String id() {
        return id;
    }

    String model() {
        return model;
    }

    List<Block> blocks() {
        return blocks;
    }

    @Override
    public void begins(String givenId, String givenModel) {
        id = givenId;
        model = givenModel;
    }

    @Override
    public void textBegins() {
        blocks.add(new Text(new StringBuilder(), new ArrayList<>(0)));
    }

    @Override
    public void text(String piece) {
        if (blocks.getLast() instanceof Text open) {
            open.text().append(piece);
        }
    }

    @Override
    public void citation(JsonNode citation) {
        if (blocks.getLast() instanceof Text open) {
            open.citations().add(citation);
        }
    }

    @Override
    public void thinkingBegins() {
        blocks.add(new Thinking(new StringBuilder(), ""));
    }

    @Override
    public void thinking(String piece) {
        if (blocks.getLast() instanceof Thinking open) {
            open.thinking().append(piece);
        }
    }

    @Override
    public void signature(String signature) {
        if (blocks.getLast() instanceof Thinking open) {
            blocks.set(blocks.size() - 1, new Thinking(open.thinking(), signature));
        }
    }

    @Override
    public void toolBegins(String givenId, String name) {
        blocks.add(new Tool(givenId, name, new StringBuilder()));
    }

    @Override
    public void arguments(String piece) {
        if (blocks.getLast() instanceof Tool open) {
            open.arguments().append(piece);
        }
    }

    @Override
    public void ends() {
        // Each beginning starts a block of its own.
    }

    @Override
    public void redactedThinking(String data) {
        blocks.add(new Redacted(data));
    }
}
