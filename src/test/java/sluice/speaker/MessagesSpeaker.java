package sluice.speaker;

import com.anthropic.client.AnthropicClient;
import com.anthropic.core.JsonValue;
import com.anthropic.core.ObjectMappers;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.ContentBlock;
import com.anthropic.models.messages.ContentBlockParam;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.StopReason;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolResultBlockParam;
import java.util.Map;
import java.util.stream.Collectors;
import sluice.translate.MessagesGrammar;
import tools.jackson.databind.node.ObjectNode;

record MessagesSpeaker(AnthropicClient client) implements Speaker {
    private static final int MAX_TOKENS = 4_000;
    private static final int THINKING_TOKENS = 2_000;

    @Override
    public Heard plain(Wish wish) {
        return heard(client.messages().create(asked(wish).build()).validate());
    }

    @Override
    public Heard streamed(Wish wish) {
        var accumulator = MessageAccumulator.create();
        try (var events = client.messages().createStreaming(asked(wish).build())) {
            events.stream().forEach(accumulator::accumulate);
        }
        return heard(accumulator.message().validate());
    }

    @Override
    public Heard resumed(Wish wish, String result) {
        var called = client.messages().create(asked(wish).build());
        var results =
                called.content().stream()
                        .filter(ContentBlock::isToolUse)
                        .map(block ->
                                ContentBlockParam.ofToolResult(
                                        ToolResultBlockParam.builder()
                                                .toolUseId(block.asToolUse().id())
                                                .content(result)
                                                .build()))
                        .toList();
        return heard(
                client.messages()
                        .create(
                                asked(wish)
                                        .addMessage(called)
                                        .addUserMessageOfContentBlockParams(results)
                                        .build())
                        .validate());
    }

    @Override
    public String path() {
        return "/v1/messages";
    }

    @Override
    public String body(Wish wish, boolean stream) {
        try {
            var written =
                    ObjectMappers.jsonMapper().writeValueAsString(asked(wish).build()._body());
            var tree = (ObjectNode) OpenAi.JSON.readTree(written);
            if (stream) {
                tree.put("stream", true);
            }
            return OpenAi.JSON.writeValueAsString(tree);
        } catch (com.fasterxml.jackson.core.JsonProcessingException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @Override
    public Heard read(String stream) {
        var grammar = MessagesGrammar.good(stream);
        var usage = OpenAi.JSON.createObjectNode();
        for (var event : grammar.events()) {
            for (var told : new String[] {"/message/usage", "/usage"}) {
                if (event.at(told) instanceof ObjectNode some) {
                    usage.setAll(some);
                }
            }
        }
        return new Heard(
                grammar.text(),
                grammar.thinking(),
                grammar.tools(),
                grammar.stopReason(),
                new Heard.Tokens(
                        usage.path("input_tokens").asLong(0)
                                + usage.path("cache_read_input_tokens").asLong(0)
                                + usage.path("cache_creation_input_tokens").asLong(0),
                        usage.path("cache_read_input_tokens").asLong(0),
                        usage.path("output_tokens").asLong(0)));
    }

    @Override
    public void checkBroken(String stream) {
        MessagesGrammar.broken(stream);
    }

    @Override
    public void check(int status, Throwable thrown) {
        Anthropic.check(status, thrown);
    }

    @Override
    public void close() {
        client.close();
    }

    private static MessageCreateParams.Builder asked(Wish wish) {
        var asked =
                MessageCreateParams.builder()
                        .model(wish.model())
                        .maxTokens(MAX_TOKENS)
                        .addUserMessage(wish.text());
        if (wish.tools()) {
            for (var name : OpenAi.TOOLS) {
                asked.addTool(
                        Tool.builder()
                                .name(name)
                                .inputSchema(
                                        Tool.InputSchema.builder()
                                                .properties(
                                                        Tool.InputSchema.Properties.builder()
                                                                .putAdditionalProperty(
                                                                        "city",
                                                                        JsonValue.from(
                                                                                Map.of(
                                                                                        "type",
                                                                                        "string")))
                                                                .build())
                                                .build())
                                .build());
            }
        }
        if (wish.thinks()) {
            asked.enabledThinking(THINKING_TOKENS);
        }
        return asked;
    }

    private static Heard heard(Message reply) {
        var usage = reply.usage();
        long cached = usage.cacheReadInputTokens().orElse(0L);
        return new Heard(
                reply.content().stream()
                        .filter(ContentBlock::isText)
                        .map(block -> block.asText().text())
                        .collect(Collectors.joining()),
                reply.content().stream()
                        .filter(ContentBlock::isThinking)
                        .map(block -> block.asThinking().thinking())
                        .collect(Collectors.joining()),
                reply.content().stream()
                        .filter(ContentBlock::isToolUse)
                        .map(ContentBlock::asToolUse)
                        .map(use -> use.name() + " " + written(use._input()))
                        .toList(),
                reply.stopReason().map(StopReason::asString).orElse(""),
                new Heard.Tokens(
                        usage.inputTokens() + cached + usage.cacheCreationInputTokens().orElse(0L),
                        cached,
                        usage.outputTokens()));
    }

    private static String written(JsonValue input) {
        try {
            return ObjectMappers.jsonMapper().writeValueAsString(input);
        } catch (com.fasterxml.jackson.core.JsonProcessingException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
