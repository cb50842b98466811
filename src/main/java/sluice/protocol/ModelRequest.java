package sluice.protocol;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;
import sluice.call.Dialect;
import sluice.call.RequestType;
import sluice.json.Field;
import sluice.json.Fields;
import sluice.json.Governed;
import sluice.json.JsonText;
import sluice.json.Kind;
import sluice.json.Limits;
import sluice.json.NotJson;
import sluice.json.Pieces;
import sluice.json.Splice;

/// A call to a model as it was asked: a view of the body, which itself stays as it came.
///
/// @param model the name as asked, not empty
/// @param stream whether the reply is to come as events
/// @param includesUsage whether the caller asked for the extra usage chunk of a stream
public record ModelRequest(
        Dialect dialect, Fields fields, String model, boolean stream, boolean includesUsage) {
    private static final Governed CHAT =
            Governed.of(
                            "model",
                            "messages",
                            "stream",
                            "stream_options",
                            "fallbacks",
                            "max_tokens",
                            "max_completion_tokens",
                            "n")
                    .refusingOtherCase();
    private static final Governed COMPLETIONS =
            Governed.of(
                            "model",
                            "prompt",
                            "stream",
                            "stream_options",
                            "fallbacks",
                            "max_tokens",
                            "best_of",
                            "n")
                    .refusingOtherCase();
    private static final Governed RESPONSES =
            Governed.of("model", "input", "stream", "fallbacks", "max_output_tokens")
                    .refusingOtherCase();
    private static final Governed EMBEDDINGS =
            Governed.of("model", "input", "encoding_format", "fallbacks").refusingOtherCase();
    private static final Governed MESSAGES =
            Governed.of("model", "messages", "stream", "max_tokens", "fallbacks")
                    .refusingOtherCase();
    private static final Governed COUNT_TOKENS =
            Governed.of("model", "messages").refusingOtherCase();
    private static final Governed INVOCATIONS =
            Governed.of(
                            "model",
                            "stream",
                            "prompt",
                            "max_tokens",
                            "max_completion_tokens",
                            "max_output_tokens",
                            "best_of",
                            "n")
                    .refusingOtherCase();
    private static final Governed OPTIONS = Governed.of("include_usage");
    private static final Bytes WITH_USAGE = Bytes.utf8("{\"include_usage\":true}");

    /// A name longer than this is no model's name.
    private static final int MAX_MODEL_LENGTH = 512;

    /// Another gateway's field that is honoured here: models to try when the one asked for fails (facts/forms.md
    /// section 1).
    private static final String FALLBACKS = "fallbacks";

    private static final int MAX_FALLBACKS = 8;

    /// Of what is read by itself: a few names, however they are escaped.
    private static final int MAX_SMALL_FIELD_BYTES = 64 * 1024;

    private static final long MAX_NUMBER = 1_000_000_000;

    /// @param body the whole request body
    /// @throws NotJson when the body is no JSON object, gives a governed field twice, lacks one that the dialect
    ///     demands, or gives one of ours in the wrong type; worded for the caller
    public static ModelRequest read(Dialect dialect, Bytes body, Limits limits) throws NotJson {
        var fields = Fields.scan(body, governed(dialect), limits);
        var model = fields.find("model");
        if (model == null) {
            throw NotJson.field("model", "is missing; name one of GET /v1/models");
        }
        var name = model.string();
        check(name);
        demand(dialect, fields);
        return of(dialect, fields, name, limits);
    }

    /// A body for the model that the path names.
    ///
    /// @throws NotJson as {@link #read}
    public static ModelRequest forModel(String model, Dialect dialect, Bytes body, Limits limits)
            throws NotJson {
        check(model);
        return of(dialect, Fields.scan(body, governed(dialect), limits), model, limits);
    }

    private static ModelRequest of(Dialect dialect, Fields fields, String name, Limits limits)
            throws NotJson {
        boolean streams =
                switch (dialect) {
                    case CHAT, COMPLETIONS, RESPONSES, MESSAGES, INVOCATIONS ->
                            isTrue(fields.find("stream"));
                    case EMBEDDINGS, COUNT_TOKENS -> false;
                };
        boolean includesUsage = hasOptions(dialect) && asksForUsage(fields, limits);
        return new ModelRequest(dialect, fields, name, streams, includesUsage);
    }

    private static Governed governed(Dialect dialect) {
        return switch (dialect) {
            case CHAT -> CHAT;
            case RESPONSES -> RESPONSES;
            case COMPLETIONS -> COMPLETIONS;
            case EMBEDDINGS -> EMBEDDINGS;
            case MESSAGES -> MESSAGES;
            case COUNT_TOKENS -> COUNT_TOKENS;
            case INVOCATIONS -> INVOCATIONS;
        };
    }

    private static void check(String name) throws NotJson {
        if (name.isEmpty() || name.length() > MAX_MODEL_LENGTH) {
            throw NotJson.field(
                    "model",
                    "must have 1 to " + MAX_MODEL_LENGTH + " characters, got " + name.length());
        }
        for (int i = 0; i < name.length(); i++) {
            if (Character.isISOControl(name.charAt(i))) {
                throw NotJson.field("model", "must not hold control characters");
            }
        }
    }

    private static void demand(Dialect dialect, Fields fields) throws NotJson {
        switch (dialect) {
            case CHAT, MESSAGES, COUNT_TOKENS -> {
                var messages = fields.find("messages");
                if (messages == null || messages.kind() != Kind.ARRAY) {
                    throw NotJson.field("messages", "is missing or not an array");
                }
            }
            case EMBEDDINGS -> demand("input", fields);
            case COMPLETIONS -> demand("prompt", fields);
            case RESPONSES, INVOCATIONS -> {}
        }
    }

    private static void demand(String name, Fields fields) throws NotJson {
        if (!fields.has(name)) {
            throw NotJson.field(name, "is missing");
        }
    }

    private static boolean hasOptions(Dialect dialect) {
        return dialect == Dialect.CHAT || dialect == Dialect.COMPLETIONS;
    }

    private static boolean asksForUsage(Fields fields, Limits limits) throws NotJson {
        var options = fields.find("stream_options");
        if (options == null || options.kind() == Kind.NULL) {
            return false;
        }
        demandSmall(options, "stream_options");
        return isTrue(options.object(OPTIONS, limits).find("include_usage"));
    }

    private static boolean isTrue(@Nullable Field field) throws NotJson {
        return field != null && field.kind() != Kind.NULL && field.asBoolean();
    }

    /// The models to try, in order, when the one asked for cannot answer; none is usual.
    ///
    /// @throws NotJson when they are not a short list of names
    public List<String> fallbacks() throws NotJson {
        var field = knowsFallbacks() ? fields.find(FALLBACKS) : null;
        if (field == null || field.kind() == Kind.NULL) {
            return List.of();
        }
        demandSmall(field, FALLBACKS);
        var names = new ArrayList<String>();
        for (var element : field.elements(MAX_FALLBACKS)) {
            names.add(nameOf(element));
        }
        return names;
    }

    private static void demandSmall(Field field, String name) throws NotJson {
        if (field.value().length() > MAX_SMALL_FIELD_BYTES) {
            throw NotJson.field(name, "may have at most " + MAX_SMALL_FIELD_BYTES + " bytes");
        }
    }

    private static String nameOf(Bytes element) throws NotJson {
        var wrapped = Bytes.utf8("{\"model\":" + element.utf8() + "}");
        var model = Fields.scan(wrapped, INVOCATIONS, Limits.DEFAULT).find("model");
        if (model == null || model.kind() != Kind.STRING) {
            throw NotJson.field(FALLBACKS, "must be names of models, such as target/model");
        }
        check(model.string());
        return model.string();
    }

    public RequestType type() {
        return RequestType.of(dialect, stream);
    }

    /// How many output tokens one answer to it may have at most; 0 when it does not say.
    ///
    /// @throws NotJson when it says so and not in whole numbers
    public long maxTokens() throws NotJson {
        return switch (dialect) {
            case CHAT -> Math.max(number("max_completion_tokens"), number("max_tokens"));
            case COMPLETIONS, MESSAGES -> number("max_tokens");
            case RESPONSES -> number("max_output_tokens");
            case INVOCATIONS -> // which may be of any of the other dialects
                    Math.max(
                            number("max_output_tokens"),
                            Math.max(number("max_completion_tokens"), number("max_tokens")));
            case EMBEDDINGS, COUNT_TOKENS -> 0;
        };
    }

    /// How many answers it asks for, each of which costs.
    ///
    /// @throws NotJson when it says so and not in whole numbers
    public long answers() throws NotJson {
        return switch (dialect) {
            case CHAT -> Math.max(1, number("n"));
            case COMPLETIONS, INVOCATIONS ->
                    Math.max(1, Math.max(number("n"), number("best_of"))) * prompts();
            case RESPONSES, MESSAGES -> 1;
            case EMBEDDINGS, COUNT_TOKENS -> 0;
        };
    }

    private long prompts() throws NotJson {
        var prompt = fields.find("prompt");
        if (prompt == null || prompt.kind() != Kind.ARRAY) {
            return 1;
        }
        var elements = prompt.elements();
        boolean isOneOfTokens =
                elements.isEmpty() || Character.isDigit(elements.getFirst().utf8().charAt(0));
        return isOneOfTokens ? 1 : elements.size();
    }

    private long number(String name) throws NotJson {
        var field = fields.find(name);
        if (field == null || field.kind() == Kind.NULL) {
            return 0;
        }
        long number = field.kind() == Kind.NUMBER ? field.asLong() : -1;
        if (number < 0 || number > MAX_NUMBER) {
            throw NotJson.field(name, "must be a whole number from 0 to " + MAX_NUMBER);
        }
        return number;
    }

    /// The same call, which may have at most so many output tokens.
    ///
    /// @throws NotJson as {@link #read}
    public ModelRequest withMaxTokens(long most, Limits limits) throws NotJson {
        var name =
                switch (dialect) {
                    case CHAT -> "max_completion_tokens";
                    case COMPLETIONS, MESSAGES, INVOCATIONS -> "max_tokens";
                    case RESPONSES -> "max_output_tokens";
                    case EMBEDDINGS, COUNT_TOKENS -> null;
                };
        return name == null
                ? this
                : withBody(Splice.of(fields).put(name, most).pieces().joined(), limits);
    }

    private boolean knowsFallbacks() {
        return dialect != Dialect.COUNT_TOKENS && dialect != Dialect.INVOCATIONS;
    }

    /// The same call with another body, which says the same in other words.
    ///
    /// @throws NotJson as {@link #read}
    public ModelRequest withBody(Bytes body, Limits limits) throws NotJson {
        return new ModelRequest(
                dialect,
                Fields.scan(body, governed(dialect), limits),
                model,
                stream,
                includesUsage);
    }

    /// The original body.
    public Bytes body() {
        return fields.document();
    }

    /// The body for a target that knows the model as {@code targetModel}: the original bytes, with the model replaced
    /// and what was meant for the gateway taken out.
    ///
    /// @param withUsage also asks the target for the usage chunk of a stream
    public Pieces forTarget(String targetModel, boolean withUsage) {
        var splice = Splice.of(fields);
        if (!targetModel.equals(model) && dialect != Dialect.INVOCATIONS) {
            splice.put("model", targetModel);
        }
        if (withUsage && stream && hasOptions(dialect) && !includesUsage) {
            splice.put("stream_options", usageOptions());
        }
        if (knowsFallbacks()) {
            splice.remove(FALLBACKS);
        }
        if (dialect == Dialect.EMBEDDINGS && isNull("encoding_format")) {
            splice.remove("encoding_format"); // facts/llm-protocols.md section 16, trap 51
        }
        return splice.pieces();
    }

    private boolean isNull(String name) {
        var field = fields.find(name);
        return field != null && field.kind() == Kind.NULL;
    }

    /// The caller's other stream options survive.
    private Bytes usageOptions() {
        var options = fields.find("stream_options");
        if (options == null || options.kind() != Kind.OBJECT) {
            return WITH_USAGE;
        }
        try {
            var inside = options.object(OPTIONS, Limits.DEFAULT);
            return Splice.of(inside).put("include_usage", true).pieces().joined();
        } catch (NotJson alreadyRead) {
            throw new IllegalStateException("the options were read before", alreadyRead);
        }
    }

    /// The sizes only: the rest is a prompt.
    @Override
    public String toString() {
        return "ModelRequest["
                + dialect.token()
                + ", "
                + JsonText.quoted(model).utf8()
                + ", stream="
                + stream
                + "]";
    }
}
