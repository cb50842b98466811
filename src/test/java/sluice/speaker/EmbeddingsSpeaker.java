package sluice.speaker;

import com.openai.client.OpenAIClient;
import com.openai.models.embeddings.EmbeddingCreateParams;
import java.util.List;

/// The text that is heard is the vector.
record EmbeddingsSpeaker(OpenAIClient client) implements Speaker {
    @Override
    public Heard plain(Wish wish) {
        var reply = client.embeddings().create(asked(wish)).validate();
        return new Heard(
                reply.data().getFirst().embedding().toString(),
                "",
                List.of(),
                "",
                new Heard.Tokens(reply.usage().promptTokens(), 0, 0));
    }

    @Override
    public Heard streamed(Wish wish) {
        throw new UnsupportedOperationException("vectors do not come in a stream");
    }

    @Override
    public Heard resumed(Wish wish, String result) {
        throw new UnsupportedOperationException("vectors know no tools");
    }

    @Override
    public String path() {
        return "/v1/embeddings";
    }

    @Override
    public String body(Wish wish, boolean stream) {
        return OpenAi.body(asked(wish)._body(), stream);
    }

    @Override
    public Heard read(String stream) {
        throw new UnsupportedOperationException("vectors do not come in a stream");
    }

    @Override
    public void checkBroken(String stream) {
        throw new UnsupportedOperationException("vectors do not come in a stream");
    }

    @Override
    public void check(int status, Throwable thrown) {
        OpenAi.check(status, thrown);
    }

    @Override
    public void close() {
        client.close();
    }

    private static EmbeddingCreateParams asked(Wish wish) {
        return EmbeddingCreateParams.builder().model(wish.model()).input(wish.text()).build();
    }
}
