package sluice.speaker;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.completions.Completion;
import com.openai.models.completions.CompletionCreateParams;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Text in, text out; the official client has no helper for its streams, so the parts are put
/// together here. It takes no chunk without a finish reason for valid, though all but one are so.
record CompletionsSpeaker(OpenAIClient client) implements Speaker {
    @Override
    public Heard plain(Wish wish) {
        return heard(List.of(client.completions().create(asked(wish).build()).validate()));
    }

    @Override
    public Heard streamed(Wish wish) {
        try (var chunks = client.completions().createStreaming(streaming(wish))) {
            return heard(chunks.stream().toList());
        }
    }

    @Override
    public Heard resumed(Wish wish, String result) {
        throw new UnsupportedOperationException("text completions know no tools");
    }

    @Override
    public String path() {
        return "/v1/completions";
    }

    @Override
    public String body(Wish wish, boolean stream) {
        return OpenAi.body((stream ? streaming(wish) : asked(wish).build())._body(), stream);
    }

    @Override
    public Heard read(String stream) {
        var chunks = chunks(stream);
        assertThat(chunks.removeLast()).isEqualTo("[DONE]");
        var text = new StringBuilder();
        var end = "";
        JsonNode usage = JsonNodeFactory.instance.objectNode();
        for (var chunk : chunks) {
            var tree = OpenAi.JSON.readTree(chunk);
            assertThat(tree.path("object").asString("")).isEqualTo("text_completion");
            text.append(tree.at("/choices/0/text").asString(""));
            end = tree.at("/choices/0/finish_reason").asString(end);
            usage = tree.path("usage").isObject() ? tree.path("usage") : usage;
        }
        return new Heard(text.toString(), "", List.of(), end, OpenAi.tokens(usage));
    }

    @Override
    public void checkBroken(String stream) {
        var chunks = chunks(stream);
        var error = OpenAi.JSON.readTree(chunks.removeLast()).path("error");
        assertThat(error.path("message").asString("")).isNotBlank();
        assertThat(error.path("type").asString("")).isNotBlank();
        assertThat(chunks).doesNotContain("[DONE]").noneMatch(chunk -> chunk.contains("\"error\""));
    }

    private static List<String> chunks(String stream) {
        assertThat(stream).endsWith("\n\n");
        var chunks = new ArrayList<String>();
        for (var event : stream.split("\n\n", -1)) {
            if (!event.isEmpty() && !event.startsWith(":")) {
                assertThat(event).startsWith("data: ").doesNotContain("\n");
                chunks.add(event.substring("data: ".length()));
            }
        }
        return chunks;
    }

    @Override
    public void check(int status, Throwable thrown) {
        OpenAi.check(status, thrown);
    }

    @Override
    public void close() {
        client.close();
    }

    private static CompletionCreateParams streaming(Wish wish) {
        return asked(wish)
                .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build())
                .build();
    }

    private static CompletionCreateParams.Builder asked(Wish wish) {
        return CompletionCreateParams.builder().model(wish.model()).prompt(wish.text());
    }

    private static Heard heard(List<Completion> parts) {
        var choices = parts.stream().flatMap(part -> part.choices().stream()).toList();
        return new Heard(
                choices.stream().map(choice -> choice.text()).collect(Collectors.joining()),
                "",
                List.of(),
                choices.stream()
                        .flatMap(choice -> choice._finishReason().asKnown().stream())
                        .map(reason -> reason.asString())
                        .reduce("", (before, last) -> last),
                OpenAi.tokens(parts.stream().flatMap(part -> part.usage().stream()).findFirst()));
    }
}
