package sluice.server;

import io.netty.util.AsciiString;
import io.vertx.core.http.HttpServerResponse;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import sluice.call.Dialect.Family;
import sluice.call.Left;

/// What is left of a caller's limits, in the headers that the clients of its family read (facts/llm-protocols.md section
/// 8).
final class LimitHeaders {
    private static final Names OPENAI_REQUESTS =
            new Names(
                    "x-ratelimit-limit-requests",
                    "x-ratelimit-remaining-requests",
                    "x-ratelimit-reset-requests");
    private static final Names OPENAI_TOKENS =
            new Names(
                    "x-ratelimit-limit-tokens",
                    "x-ratelimit-remaining-tokens",
                    "x-ratelimit-reset-tokens");
    private static final Names ANTHROPIC_REQUESTS =
            new Names(
                    "anthropic-ratelimit-requests-limit",
                    "anthropic-ratelimit-requests-remaining",
                    "anthropic-ratelimit-requests-reset");
    private static final Names ANTHROPIC_TOKENS =
            new Names(
                    "anthropic-ratelimit-tokens-limit",
                    "anthropic-ratelimit-tokens-remaining",
                    "anthropic-ratelimit-tokens-reset");
    private static final CharSequence UNIFIED_STATUS =
            AsciiString.cached("anthropic-ratelimit-unified-status");

    private record Names(AsciiString limit, AsciiString remaining, AsciiString reset) {
        Names(String limit, String remaining, String reset) {
            this(
                    AsciiString.cached(limit),
                    AsciiString.cached(remaining),
                    AsciiString.cached(reset));
        }
    }

    private LimitHeaders() {}

    static void put(Left left, Family family, HttpServerResponse response) {
        boolean openAi = family == Family.OPENAI;
        put(left.requests(), openAi ? OPENAI_REQUESTS : ANTHROPIC_REQUESTS, openAi, response);
        put(left.tokens(), openAi ? OPENAI_TOKENS : ANTHROPIC_TOKENS, openAi, response);
    }

    private static void put(
            Left.@Nullable Of of, Names names, boolean openAi, HttpServerResponse response) {
        if (of == null) {
            return;
        }
        response.putHeader(names.limit(), Long.toString(of.limit()));
        response.putHeader(names.remaining(), Long.toString(of.remaining()));
        response.putHeader(
                names.reset(), openAi ? duration(of.resetMillis()) : moment(of.resetMillis()));
    }

    /// Without both of this and {@code retry-after}, one agent asks again for ever.
    static void putRefused(Refusal refusal, Family family, HttpServerResponse response) {
        boolean ours = refusal.status() == 429 && refusal.source().equals("gateway");
        if (ours && family == Family.ANTHROPIC) {
            response.putHeader(UNIFIED_STATUS, "rejected");
        }
    }

    /// As the origin service writes it: {@code 1s}, {@code 6m0s}, {@code 1h0m0s}.
    static String duration(long millis) {
        long seconds = (millis + 999) / 1000;
        if (seconds < 60) {
            return seconds + "s";
        }
        long minutes = seconds / 60;
        return minutes < 60
                ? minutes + "m" + seconds % 60 + "s"
                : minutes / 60 + "h" + minutes % 60 + "m" + seconds % 60 + "s";
    }

    private static String moment(long millis) {
        return Instant.now().plusMillis(millis).truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
