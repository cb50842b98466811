package sluice.speaker;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.ObjectMappers;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.PermissionDeniedException;
import com.openai.errors.RateLimitException;
import com.openai.errors.SseException;
import com.openai.errors.UnauthorizedException;
import com.openai.errors.UnexpectedStatusCodeException;
import com.openai.errors.UnprocessableEntityException;
import com.openai.models.completions.CompletionUsage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What the dialects of OpenAI share.
final class OpenAi {
    static final JsonMapper JSON = new JsonMapper();
    static final List<String> TOOLS = List.of("weather", "time");
    static final Map<String, JsonValue> PARAMETERS =
            Map.of(
                    "type", JsonValue.from("object"),
                    "properties", JsonValue.from(Map.of("city", Map.of("type", "string"))));

    private OpenAi() {}

    static OpenAIClient client(String host, String key) {
        return OpenAIOkHttpClient.builder().baseUrl(host + "/v1").apiKey(key).maxRetries(0).build();
    }

    /// A body of the client's own types as the client writes it.
    static String body(Object body, boolean stream) {
        try {
            var written = ObjectMappers.jsonMapper().writeValueAsString(body);
            var tree = (ObjectNode) JSON.readTree(written);
            if (stream) {
                tree.put("stream", true);
            }
            return JSON.writeValueAsString(tree);
        } catch (com.fasterxml.jackson.core.JsonProcessingException impossible) {
            throw new AssertionError(impossible);
        }
    }

    static void check(int status, Throwable thrown) {
        Class<? extends OpenAIServiceException> expected =
                switch (status) {
                    case 200 -> SseException.class;
                    case 400 -> BadRequestException.class;
                    case 401 -> UnauthorizedException.class;
                    case 403 -> PermissionDeniedException.class;
                    case 404 -> NotFoundException.class;
                    case 422 -> UnprocessableEntityException.class;
                    case 429 -> RateLimitException.class;
                    default ->
                            status >= 500
                                    ? InternalServerException.class
                                    : UnexpectedStatusCodeException.class;
                };
        assertThat(thrown)
                .isInstanceOfSatisfying(
                        expected,
                        failed -> {
                            assertThat(failed.statusCode()).isEqualTo(status);
                            assertThat(failed.type()).isPresent();
                        });
    }

    static Heard.Tokens tokens(Optional<CompletionUsage> told) {
        return told.map(usage -> tokens(JSON.readTree(body(usage, false))))
                .orElse(new Heard.Tokens(0, 0, 0));
    }

    /// The Claude models of Databricks count their cache beside the prompt, as they do in messages.
    static Heard.Tokens tokens(JsonNode usage) {
        long read = usage.path("cache_read_input_tokens").asLong(0);
        long written = usage.path("cache_creation_input_tokens").asLong(0);
        return new Heard.Tokens(
                usage.path("prompt_tokens").asLong(0) + read + written,
                usage.at("/prompt_tokens_details/cached_tokens").asLong(0) + read,
                usage.path("completion_tokens").asLong(0));
    }
}
