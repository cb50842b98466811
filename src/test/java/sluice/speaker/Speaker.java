package sluice.speaker;

import sluice.call.Dialect;

/// A caller of one dialect.
public interface Speaker extends AutoCloseable {

    /// @param host of the gateway, such as {@code http://127.0.0.1:8080}
    static Speaker of(Dialect dialect, String host, String key) {
        return switch (dialect) {
            case CHAT -> new ChatSpeaker(OpenAi.client(host, key));
            case RESPONSES -> new ResponsesSpeaker(OpenAi.client(host, key));
            case COMPLETIONS -> new CompletionsSpeaker(OpenAi.client(host, key));
            case EMBEDDINGS -> new EmbeddingsSpeaker(OpenAi.client(host, key));
            case MESSAGES -> new MessagesSpeaker(Anthropic.client(host, key));
            case COUNT_TOKENS, INVOCATIONS ->
                    throw new IllegalArgumentException(dialect + " is no dialect of a model");
        };
    }

    /// The answer as the official client reads it.
    Heard plain(Wish wish);

    /// The stream as the official client's own helper puts it together.
    Heard streamed(Wish wish);

    /// The plain answer after all the tools that were called have said {@code result}.
    Heard resumed(Wish wish, String result);

    String path();

    /// The body that the official client sends.
    String body(Wish wish, boolean stream);

    /// A stream by its bytes, held against the grammar of the dialect.
    Heard read(String stream);

    /// Holds a stream that had to break off against the grammar.
    void checkBroken(String stream);

    /// Holds an exception of the official client against the one that stands for a status.
    ///
    /// @param status of the gateway's answer, or 200 for a stream that broke off
    void check(int status, Throwable thrown);

    @Override
    void close();
}
