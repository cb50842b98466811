package sluice.simulator;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// What an embeddings endpoint is asked, and its vectors: the same text has the same one, of length 1.
record Embeddings(List<String> inputs, String instruction, boolean base64, int dimensions) {
    private static final Set<String> FIELDS =
            Set.of(
                    "model",
                    "input",
                    "encoding_format",
                    "dimensions",
                    "instruction",
                    "user",
                    "client_request_id",
                    "usage_context");
    private static final int INPUTS_MAX = 2048;
    private static final int DIMENSIONS = 1024;
    private static final int DIMENSIONS_MAX = 4096;

    static Embeddings read(Body body, Surface surface) throws Refused {
        if (surface.databricks()) {
            body.only(FIELDS);
        }
        var format = body.fields().getOrDefault("encoding_format", "float");
        if (!"float".equals(format) && !"base64".equals(format)) {
            throw body.bad("encoding_format: Input should be 'float' or 'base64'");
        }
        int dimensions = body.number("dimensions", DIMENSIONS);
        if (dimensions < 1 || dimensions > DIMENSIONS_MAX) {
            throw body.bad("dimensions: Input should be from 1 to " + DIMENSIONS_MAX);
        }
        var inputs = inputs(body.fields().get("input"));
        if (inputs.isEmpty() || inputs.stream().anyMatch(String::isEmpty)) {
            throw body.bad("input: Field required, and no text in it may be empty");
        }
        if (inputs.size() > INPUTS_MAX) {
            throw body.bad("input: at most " + INPUTS_MAX + " texts");
        }
        return new Embeddings(
                inputs, body.text("instruction"), "base64".equals(format), dimensions);
    }

    Map<String, @Nullable Object> answer(String model, boolean databricks, long seed) {
        var data = new ArrayList<Map<String, @Nullable Object>>();
        int length = instruction.length() * inputs.size();
        for (var input : inputs) {
            length += input.length();
            var vector = vector(instruction + "\n" + input, seed);
            data.add(
                    Json.object(
                            "object",
                            "embedding",
                            "index",
                            data.size(),
                            "embedding",
                            base64 ? packed(vector) : listed(vector)));
        }
        int tokens = Asked.tokens(length);
        var usage = Json.object("prompt_tokens", tokens, "total_tokens", tokens);
        if (databricks) {
            usage.put("completion_tokens", 0);
        }
        return Json.object("object", "list", "data", data, "model", model, "usage", usage);
    }

    private float[] vector(String text, long seed) {
        var random =
                new SplittableRandom(
                        seed * 31 + Signature.sum(text.getBytes(StandardCharsets.UTF_8)));
        var vector = new float[dimensions];
        double squares = 0;
        for (int at = 0; at < vector.length; at++) {
            vector[at] = (float) random.nextDouble(-1, 1);
            squares += vector[at] * vector[at];
        }
        float length = (float) Math.sqrt(squares);
        for (int at = 0; at < vector.length; at++) {
            vector[at] /= length;
        }
        return vector;
    }

    private static List<Float> listed(float[] vector) {
        return IntStream.range(0, vector.length).mapToObj(at -> vector[at]).toList();
    }

    private static String packed(float[] vector) {
        var bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    /// A text, several, or tokens in either of these places.
    private static List<String> inputs(@Nullable Object sent) {
        return switch (sent) {
            case String text -> List.of(text);
            case List<?> tokens when !tokens.isEmpty() && tokens.getFirst() instanceof Number ->
                    List.of(tokens.toString());
            case List<?> several -> several.stream().map(String::valueOf).toList();
            case null, default -> List.of();
        };
    }
}
