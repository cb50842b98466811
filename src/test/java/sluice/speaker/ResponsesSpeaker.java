package sluice.speaker;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.Reasoning;
import com.openai.models.ReasoningEffort;
import com.openai.models.responses.EasyInputMessage;
import com.openai.models.responses.FunctionTool;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseError;
import com.openai.models.responses.ResponseInputItem;
import com.openai.models.responses.ResponseOutputItem;
import com.openai.models.responses.ResponseStatus;
import java.util.ArrayList;
import java.util.stream.Collectors;
import sluice.translate.ResponsesGrammar;

record ResponsesSpeaker(OpenAIClient client) implements Speaker {
    @Override
    public Heard plain(Wish wish) {
        return heard(client.responses().create(asked(wish).build()).validate());
    }

    @Override
    public Heard streamed(Wish wish) {
        var accumulator = ResponseAccumulator.create();
        try (var events = client.responses().createStreaming(asked(wish).build())) {
            events.stream().forEach(accumulator::accumulate);
        }
        var response = accumulator.response().validate();
        if (response.status().filter(ResponseStatus.FAILED::equals).isPresent()) {
            throw new Failed(response.error().orElseThrow());
        }
        return heard(response);
    }

    /// A stream that ends with {@code response.failed} is no exception to the official client. It is
    /// one to those who use it.
    private static final class Failed extends RuntimeException {
        Failed(ResponseError error) {
            super(error.code().asString() + ": " + error.message());
        }
    }

    @Override
    public Heard resumed(Wish wish, String result) {
        var said = new ArrayList<ResponseInputItem>();
        said.add(
                ResponseInputItem.ofEasyInputMessage(
                        EasyInputMessage.builder()
                                .role(EasyInputMessage.Role.USER)
                                .content(wish.text())
                                .build()));
        var called = client.responses().create(asked(wish).build()).output();
        called.stream()
                .filter(ResponseOutputItem::isFunctionCall)
                .map(ResponseOutputItem::asFunctionCall)
                .map(ResponseInputItem::ofFunctionCall)
                .forEach(said::add);
        called.stream()
                .filter(ResponseOutputItem::isFunctionCall)
                .map(item ->
                        ResponseInputItem.FunctionCallOutput.builder()
                                .callId(item.asFunctionCall().callId())
                                .output(result)
                                .build())
                .map(ResponseInputItem::ofFunctionCallOutput)
                .forEach(said::add);
        return heard(
                client.responses().create(asked(wish).inputOfResponse(said).build()).validate());
    }

    @Override
    public String path() {
        return "/v1/responses";
    }

    @Override
    public String body(Wish wish, boolean stream) {
        return OpenAi.body(asked(wish).build()._body(), stream);
    }

    @Override
    public Heard read(String stream) {
        var grammar = ResponsesGrammar.good(stream);
        var usage = grammar.response().path("usage");
        return new Heard(
                grammar.text(),
                grammar.thoughts(),
                grammar.calls().stream().map(call -> call.replaceFirst("\\{", " {")).toList(),
                grammar.response().path("status").asString(),
                new Heard.Tokens(
                        usage.path("input_tokens").asLong(),
                        usage.at("/input_tokens_details/cached_tokens").asLong(),
                        usage.path("output_tokens").asLong()));
    }

    /// The end is {@code response.failed} where the stream is ours. In a target's own stream, whose
    /// state the gateway does not know, it is a bare {@code error} with the next number.
    @Override
    public void checkBroken(String stream) {
        var last = stream.substring(stream.lastIndexOf("\n\n", stream.length() - 3) + 2);
        if (!last.startsWith("event: error\n")) {
            ResponsesGrammar.broken(stream);
            return;
        }
        var events =
                stream.lines()
                        .filter(line -> line.startsWith("data: "))
                        .map(line -> OpenAi.JSON.readTree(line.substring("data: ".length())))
                        .toList();
        for (int i = 0; i < events.size(); i++) {
            assertThat(events.get(i).path("sequence_number").asInt(-1)).isEqualTo(i);
        }
        assertThat(events.getFirst().path("type").asString()).isEqualTo("response.created");
        assertThat(events.getLast().path("type").asString()).isEqualTo("error");
        assertThat(events.getLast().path("code").asString("")).isNotBlank();
        assertThat(events.getLast().path("message").asString("")).isNotBlank();
    }

    @Override
    public void check(int status, Throwable thrown) {
        if (status == 200 && thrown instanceof Failed failed) {
            assertThat(failed).hasMessageContaining("upstream_error: ");
            return;
        }
        OpenAi.check(status, thrown);
    }

    @Override
    public void close() {
        client.close();
    }

    private static ResponseCreateParams.Builder asked(Wish wish) {
        var asked = ResponseCreateParams.builder().model(wish.model()).input(wish.text());
        if (wish.tools()) {
            for (var name : OpenAi.TOOLS) {
                asked.addTool(
                        FunctionTool.builder()
                                .name(name)
                                .parameters(
                                        FunctionTool.Parameters.builder()
                                                .putAllAdditionalProperties(OpenAi.PARAMETERS)
                                                .build())
                                .strict(false)
                                .build());
            }
        }
        if (wish.thinks()) {
            asked.reasoning(
                    Reasoning.builder()
                            .effort(ReasoningEffort.MEDIUM)
                            .summary(Reasoning.Summary.AUTO)
                            .build());
        }
        return asked;
    }

    private static Heard heard(Response reply) {
        var text =
                reply.output().stream()
                        .filter(ResponseOutputItem::isMessage)
                        .flatMap(item -> item.asMessage().content().stream())
                        .map(part -> part.asOutputText().text())
                        .collect(Collectors.joining());
        var thinking =
                reply.output().stream()
                        .filter(ResponseOutputItem::isReasoning)
                        .flatMap(item -> item.asReasoning().summary().stream())
                        .map(part -> part.text())
                        .collect(Collectors.joining());
        var calls =
                reply.output().stream()
                        .filter(ResponseOutputItem::isFunctionCall)
                        .map(ResponseOutputItem::asFunctionCall)
                        .map(call -> call.name() + " " + call.arguments())
                        .toList();
        var tokens =
                reply.usage()
                        .map(usage ->
                                new Heard.Tokens(
                                        usage.inputTokens(),
                                        usage.inputTokensDetails().cachedTokens(),
                                        usage.outputTokens()))
                        .orElse(new Heard.Tokens(0, 0, 0));
        return new Heard(
                text,
                thinking,
                calls,
                reply.status().map(ResponseStatus::asString).orElse(""),
                tokens);
    }
}
