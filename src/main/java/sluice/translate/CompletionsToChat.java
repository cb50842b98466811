package sluice.translate;

import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;
import sluice.call.Dropped;
import sluice.call.ModelTraits;
import sluice.call.Usage;
import sluice.json.JsonText;
import sluice.json.NotJson;
import sluice.protocol.ErrorEvent;
import sluice.protocol.sse.SseEvent;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// OpenAI's older text completions in front of chat completions: the prompt is what a user says, the text what the
/// assistant answers.
final class CompletionsToChat implements Pair {
    private static final Bytes DONE = Bytes.utf8("data: [DONE]\n\n");

    /// Taken over as they are: both dialects know them by the same name.
    private static final Set<String> SHARED =
            Set.of("frequency_penalty", "presence_penalty", "logit_bias", "seed", "stop", "user");

    private final InstantSource clock;
    private final Supplier<String> ids;
    private final String limitField;

    /// @param limitField how the target calls the most tokens to write: {@code max_tokens} or {@code
    ///     max_completion_tokens}
    CompletionsToChat(InstantSource clock, Supplier<String> ids, String limitField) {
        this.clock = clock;
        this.ids = ids;
        this.limitField = limitField;
    }

    @Override
    public Translation begin(Bytes asked, String model, ModelTraits traits, Dropped dropped)
            throws NotJson {
        var tree = Tree.request(asked);
        var chat = Tree.object();
        chat.put("model", model);
        chat.putArray("messages").addObject().put("role", "user").put("content", prompt(tree));
        for (var field : tree.properties()) {
            if (!field.getValue().isNull()) {
                carry(field.getKey(), field.getValue(), chat, traits, dropped);
            }
        }
        boolean streamed = tree.path("stream").asBoolean(false);
        if (streamed) {
            chat.put("stream", true).putObject("stream_options").put("include_usage", true);
        }
        boolean usageAsked = tree.path("stream_options").path("include_usage").asBoolean(false);
        return new Told(
                Tree.print(chat),
                model,
                "cmpl-" + ids.get(),
                clock.instant().getEpochSecond(),
                usageAsked);
    }

    /// One text. Several would be several answers, and tokens mean something else to each model.
    private static String prompt(ObjectNode tree) throws NotJson {
        var prompt = tree.path("prompt");
        if (prompt.isArray() && prompt.size() == 1 && prompt.get(0).isString()) {
            prompt = prompt.get(0);
        }
        if (prompt.isArray()) {
            throw NotJson.field("prompt", "must be one text; send several prompts one by one");
        }
        if (!prompt.isString() || prompt.asString().isBlank()) {
            throw NotJson.field("prompt", "must be a text that is not blank");
        }
        return prompt.asString();
    }

    private void carry(
            String name, JsonNode value, ObjectNode chat, ModelTraits traits, Dropped dropped)
            throws NotJson {
        switch (name) {
            case "model", "prompt", "stream", "stream_options" -> {}
            case "max_tokens" -> chat.set(limitField, value);
            case "temperature", "top_p" -> {
                if (traits.sampling()) {
                    chat.set(name, value);
                } else {
                    dropped.add(name);
                }
            }
            case "echo" -> {
                if (value.asBoolean(false)) {
                    throw NotJson.field(
                            name, "cannot be had from a chat model; repeat it yourself");
                }
            }
            case "suffix" -> {
                if (!value.asString("").isEmpty()) {
                    throw NotJson.field(
                            name, "cannot be had from a chat model, which only writes on");
                }
            }
            case "n", "best_of" -> {
                if (value.asInt(0) != 1) {
                    throw NotJson.field(name, "must be 1; send the request several times instead");
                }
            }
            case "logprobs" -> dropped.add(name);
            default -> {
                if (SHARED.contains(name)) {
                    chat.set(name, value);
                } else {
                    dropped.add(name);
                }
            }
        }
    }

    /// Tells the reply. Only text has a place in this dialect; what the model thinks has none.
    private static final class Told implements Translation, Blocks {
        private final Bytes sent;
        private final String id;
        private final long created;
        private final boolean usageAsked;
        private final ChatAnswer answer = new ChatAnswer(this, "");
        private final JsonText json = new JsonText();

        private String model;
        private List<Bytes> out = List.of();
        private boolean whole;
        private final StringBuilder said = new StringBuilder();
        private boolean ended;

        Told(Bytes sent, String model, String id, long created, boolean usageAsked) {
            this.sent = sent;
            this.model = model;
            this.id = id;
            this.created = created;
            this.usageAsked = usageAsked;
        }

        @Override
        public Bytes request() {
            return sent;
        }

        @Override
        public Bytes whole(Bytes reply) throws BrokenReply {
            whole = true;
            var ending = answer.whole(reply);
            start();
            choice(said.toString(), reason(ending.stop()));
            usage(ending.usage());
            return json.end().toBytes();
        }

        @Override
        public void event(SseEvent event, List<Bytes> into) throws BrokenReply {
            out = into;
            answer.event(event);
            if (answer.isDone() && !ended) {
                finish();
            }
        }

        @Override
        public void end(List<Bytes> into) throws BrokenReply {
            out = into;
            finish();
        }

        private void finish() throws BrokenReply {
            if (ended) {
                return;
            }
            var ending = answer.end();
            ended = true;
            chunk("", reason(ending.stop()));
            if (usageAsked) {
                start();
                json.array("choices").end();
                usage(ending.usage());
                out.add(Sse.data(json.end().view()));
            }
            out.add(DONE);
        }

        @Override
        public void begins(String given, String answering) {
            model = answering.isEmpty() ? model : answering;
        }

        @Override
        public void text(String piece) {
            if (whole) {
                said.append(piece);
            } else {
                chunk(piece, null);
            }
        }

        private void chunk(String piece, @Nullable String reason) {
            start();
            choice(piece, reason);
            if (usageAsked) {
                usage(null);
            }
            out.add(Sse.data(json.end().view()));
        }

        private void start() {
            json.clear();
            json.object().field("id", id).field("object", "text_completion");
            json.field("created", created).field("model", model);
        }

        private void choice(String piece, @Nullable String reason) {
            json.array("choices").object().field("text", piece).field("index", 0);
            json.field("logprobs", (String) null).field("finish_reason", reason).end().end();
        }

        private void usage(@Nullable Usage usage) {
            json.field(
                    "usage",
                    usage == null ? Bytes.utf8("null") : Tree.print(UsageTree.toChat(usage)));
        }

        private static String reason(Stop stop) {
            return switch (stop) {
                case END, SEQUENCE, TOOLS, PAUSE -> "stop";
                case LENGTH -> "length";
                case REFUSAL -> "content_filter";
            };
        }

        @Override
        public Bytes failed(String type, @Nullable String code, String message) {
            return ErrorEvent.chat(type, code, message);
        }

        @Override
        public void textBegins() {}

        @Override
        public void citation(JsonNode citation) {}

        @Override
        public void thinkingBegins() {}

        @Override
        public void thinking(String piece) {}

        @Override
        public void signature(String signature) {}

        @Override
        public void redactedThinking(String data) {}

        @Override
        public void toolBegins(String given, String name) {}

        @Override
        public void arguments(String piece) {}

        @Override
        public void ends() {}
    }
}
