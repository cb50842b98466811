package sluice.speaker;

import static org.assertj.core.api.Assertions.assertThat;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.errors.BadRequestException;
import com.anthropic.errors.ContentTooLargeException;
import com.anthropic.errors.GatewayTimeoutException;
import com.anthropic.errors.InternalServerException;
import com.anthropic.errors.NotFoundException;
import com.anthropic.errors.OverloadedException;
import com.anthropic.errors.PermissionDeniedException;
import com.anthropic.errors.RateLimitException;
import com.anthropic.errors.SseException;
import com.anthropic.errors.UnauthorizedException;
import com.anthropic.errors.UnprocessableEntityException;

/// The official client of Anthropic.
final class Anthropic {
    private Anthropic() {}

    static AnthropicClient client(String host, String key) {
        return AnthropicOkHttpClient.builder().baseUrl(host).apiKey(key).maxRetries(0).build();
    }

    static void check(int status, Throwable thrown) {
        Class<? extends AnthropicServiceException> expected =
                switch (status) {
                    case 200 -> SseException.class;
                    case 400 -> BadRequestException.class;
                    case 401 -> UnauthorizedException.class;
                    case 403 -> PermissionDeniedException.class;
                    case 404 -> NotFoundException.class;
                    case 413 -> ContentTooLargeException.class;
                    case 422 -> UnprocessableEntityException.class;
                    case 429 -> RateLimitException.class;
                    case 503, 529 -> OverloadedException.class; // see Refusal.status
                    case 504 -> GatewayTimeoutException.class;
                    default -> InternalServerException.class;
                };
        assertThat(thrown)
                .isInstanceOfSatisfying(
                        expected,
                        failed -> {
                            assertThat(failed.statusCode()).isEqualTo(status);
                            assertThat(failed.type()).isPresent();
                        });
    }
}
