package sluice.speaker;

import com.openai.client.OpenAIClient;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.ReasoningEffort;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import java.util.List;
import sluice.translate.ChatGrammar;
import tools.jackson.databind.node.JsonNodeFactory;

record ChatSpeaker(OpenAIClient client) implements Speaker {
    /// Where a model's thinking is; the standard has no place for it.
    private static final String THINKING = "reasoning_content";

    @Override
    public Heard plain(Wish wish) {
        return heard(client.chat().completions().create(asked(wish).build()), "");
    }

    @Override
    public Heard streamed(Wish wish) {
        var accumulator = ChatCompletionAccumulator.create();
        var thinking = new StringBuilder();
        try (var chunks = client.chat().completions().createStreaming(streaming(wish))) {
            chunks.stream()
                    .map(accumulator::accumulate)
                    .flatMap(chunk -> chunk.choices().stream())
                    .forEach(choice -> thinking.append(thinking(choice.delta())));
        }
        return heard(accumulator.chatCompletion(), thinking.toString());
    }

    @Override
    public Heard resumed(Wish wish, String result) {
        var asked = asked(wish);
        var called =
                client.chat().completions().create(asked.build()).choices().getFirst().message();
        asked.addMessage(called);
        for (var call : called.toolCalls().orElse(List.of())) {
            asked.addMessage(
                    ChatCompletionToolMessageParam.builder()
                            .toolCallId(call.asFunction().id())
                            .content(result)
                            .build());
        }
        return heard(client.chat().completions().create(asked.build()), "");
    }

    @Override
    public String path() {
        return "/v1/chat/completions";
    }

    @Override
    public String body(Wish wish, boolean stream) {
        return OpenAi.body((stream ? streaming(wish) : asked(wish).build())._body(), stream);
    }

    @Override
    public Heard read(String stream) {
        var grammar = ChatGrammar.good(stream, true);
        var usage = grammar.usage();
        return new Heard(
                grammar.text(),
                grammar.reasoning(),
                grammar.tools(),
                grammar.finishReason(),
                OpenAi.tokens(usage == null ? JsonNodeFactory.instance.objectNode() : usage));
    }

    @Override
    public void checkBroken(String stream) {
        ChatGrammar.broken(stream);
    }

    @Override
    public void check(int status, Throwable thrown) {
        OpenAi.check(status, thrown);
    }

    @Override
    public void close() {
        client.close();
    }

    private static ChatCompletionCreateParams streaming(Wish wish) {
        return asked(wish)
                .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build())
                .build();
    }

    private static ChatCompletionCreateParams.Builder asked(Wish wish) {
        var asked =
                ChatCompletionCreateParams.builder()
                        .model(wish.model())
                        .addUserMessage(wish.text());
        if (wish.tools()) {
            for (var name : OpenAi.TOOLS) {
                asked.addFunctionTool(
                        FunctionDefinition.builder()
                                .name(name)
                                .parameters(
                                        FunctionParameters.builder()
                                                .putAllAdditionalProperties(OpenAi.PARAMETERS)
                                                .build())
                                .build());
            }
        }
        if (wish.thinks()) {
            asked.reasoningEffort(ReasoningEffort.MEDIUM);
        }
        return asked;
    }

    private static Heard heard(ChatCompletion reply, String thinking) {
        var choice = reply.choices().getFirst();
        var message = choice.message();
        return new Heard(
                message.content().orElse(""),
                thinking.isEmpty() ? thinking(message) : thinking,
                calls(message),
                choice.finishReason().asString(),
                OpenAi.tokens(reply.usage()));
    }

    private static List<String> calls(ChatCompletionMessage message) {
        return message.toolCalls().orElse(List.of()).stream()
                .map(call -> call.asFunction().function())
                .map(function -> function.name() + " " + function.arguments())
                .toList();
    }

    private static String thinking(Object messageOrDelta) {
        return OpenAi.JSON.readTree(OpenAi.body(messageOrDelta, false)).path(THINKING).asString("");
    }
}
