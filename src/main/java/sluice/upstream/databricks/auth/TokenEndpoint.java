package sluice.upstream.databricks.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URLEncoder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.call.Bytes;
import sluice.call.CallFailed;
import sluice.call.Failure;
import sluice.call.Secret;
import sluice.json.Field;
import sluice.json.Fields;
import sluice.json.Governed;
import sluice.json.Kind;
import sluice.json.Limits;
import sluice.json.NotJson;
import sluice.json.Pieces;
import sluice.loop.Loops;
import sluice.loop.Strand;
import sluice.upstream.ErrorAnswer;
import sluice.upstream.Target;
import sluice.upstream.TokenSource;
import sluice.upstream.Transfer;
import sluice.upstream.Wires;

/// The workspace's token endpoint, {@code POST /oidc/v1/token}. One request at a time.
final class TokenEndpoint {
    private static final Logger LOG = LoggerFactory.getLogger(TokenEndpoint.class);
    private static final String PATH = "/oidc/v1/token";
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String JSON = "application/json";
    private static final int MAX_BYTES = 64 * 1024;
    private static final int MAX_CONNECTIONS = 4;
    private static final Governed ANSWER =
            Governed.of("access_token", "token_type", "expires_in", "error");

    /// Used when the endpoint does not say, or says nonsense: soon refreshed, and not asked for at every call.
    private static final Duration ASSUMED_LIFETIME = Duration.ofMinutes(10);

    private static final Duration LONGEST_LIFETIME = Duration.ofDays(1);
    private static final Pattern TOKEN = Pattern.compile("[!-~]{1,16384}");
    private static final Pattern ERROR_CODE = Pattern.compile("[a-z_]{1,64}");

    private final String target;
    private final Wires wires;
    private final Duration patience;
    private final SignIn signIn;
    private final Clock clock;

    /// Of the last mint; when it hangs, the next one waits for it rather than begin another.
    private @Nullable SubjectReading reading;

    private TokenEndpoint(
            String target, Wires wires, Duration patience, SignIn signIn, Clock clock) {
        this.target = target;
        this.wires = wires;
        this.patience = patience;
        this.signIn = signIn;
        this.clock = clock;
    }

    /// @param address any address at the workspace; its path does not count
    static TokenEndpoint at(
            String target,
            URI address,
            Duration connect,
            Duration patience,
            SignIn signIn,
            Loops loops,
            Clock clock) {
        var host = URI.create(address.getScheme() + "://" + address.getRawAuthority());
        var there =
                new Target(
                        target,
                        host,
                        TokenSource.none(),
                        Target.TokenHeader.BEARER,
                        Map.of(),
                        new Target.Deadlines(connect, patience, patience, patience),
                        MAX_BYTES,
                        MAX_CONNECTIONS);
        return new TokenEndpoint(target, Wires.to(there, loops), patience, signIn, clock);
    }

    /// Fetches a token.
    ///
    /// @throws CallFailed with {@code Failure.CredentialRefused}, {@code Unreachable} or {@code TimedOut}
    MintedToken mint(Strand strand) {
        var asked = asked(strand);
        var since = clock.instant();
        try (var transfer = wires.post(strand, PATH, FORM, asked.body(), JSON, asked.headers())) {
            int status = transfer.awaitStatus();
            if (status != 200) {
                throw refused(status, words(transfer), transfer, asked);
            }
            var body = transfer.readAll(MAX_BYTES);
            return token(Fields.scan(body, ANSWER, Limits.DEFAULT), since);
        } catch (CallFailed failed) {
            throw asTokenFailure(failed);
        } catch (NotJson not) {
            throw unusable();
        }
    }

    /// One request. {@code secrets} is what its answer may echo.
    private record Asked(Pieces body, Map<String, String> headers, List<Secret> secrets) {
        /// The headers may hold a credential.
        @Override
        public String toString() {
            return "(a request for a token)";
        }
    }

    private Asked asked(Strand strand) {
        return switch (signIn) {
            case SignIn.ServicePrincipal(var id, var secret) -> {
                var basic = basic(id, secret);
                yield new Asked(
                        form(Map.of("grant_type", "client_credentials", "scope", "all-apis")),
                        Map.of("authorization", basic.use(value -> "Basic " + value)),
                        List.of(basic, secret, id));
            }
            case SignIn.Federation federation -> {
                var subject = subject(federation, strand);
                var fields = new LinkedHashMap<String, String>();
                fields.put("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange");
                fields.put("subject_token", subject.use(value -> value));
                fields.put("subject_token_type", "urn:ietf:params:oauth:token-type:jwt");
                fields.put("scope", "all-apis");
                federation
                        .clientId()
                        .ifPresent(id -> id.use(value -> fields.put("client_id", value)));
                var secrets = new ArrayList<>(List.of(subject));
                federation.clientId().ifPresent(secrets::add);
                yield new Asked(form(fields), Map.of(), secrets);
            }
        };
    }

    private static Secret basic(Secret id, Secret secret) {
        var pair = id.use(left -> secret.use(right -> left + ":" + right));
        return new Secret(Base64.getEncoder().encodeToString(pair.getBytes(UTF_8)));
    }

    private static Pieces form(Map<String, String> fields) {
        var text =
                fields.entrySet().stream()
                        .map(field ->
                                field.getKey() + "=" + URLEncoder.encode(field.getValue(), UTF_8))
                        .collect(Collectors.joining("&"));
        var body = Bytes.utf8(text);
        return new Pieces(List.of(body), body.length());
    }

    private Secret subject(SignIn.Federation federation, Strand strand) {
        var last = reading;
        var now = last == null || last.isOver() ? SubjectReading.begin(federation.subject()) : last;
        reading = now;
        Secret secret;
        try {
            secret = now.await(strand, System.nanoTime() + patience.toNanos());
        } catch (CallFailed cancelled) {
            throw cancelled;
        } catch (RuntimeException failed) {
            LOG.warn("The target '{}': {}", target, failed.getMessage());
            throw new Failure.CredentialRefused(target, "its subject token cannot be read")
                    .asException();
        }
        if (secret == null) {
            throw timedOut();
        }
        return secret;
    }

    private MintedToken token(Fields answer, Instant since) throws NotJson {
        var type = text(answer.find("token_type"));
        var token = text(answer.find("access_token"));
        if (token == null
                || !TOKEN.matcher(token).matches()
                || (type != null && !type.equalsIgnoreCase("Bearer"))) {
            throw unusable();
        }
        return MintedToken.living(new Secret(token), since, lifetime(answer));
    }

    private static Duration lifetime(Fields answer) throws NotJson {
        var field = answer.find("expires_in");
        long seconds = 0;
        try {
            if (field != null && field.kind() == Kind.NUMBER) {
                seconds = field.asLong();
            } else if (field != null && field.kind() == Kind.STRING) {
                seconds = Long.parseLong(field.string());
            }
        } catch (NotJson | NumberFormatException notWhole) {
            // as if it were missing
        }
        if (seconds <= 0) {
            return ASSUMED_LIFETIME;
        }
        return Duration.ofSeconds(Math.min(seconds, LONGEST_LIFETIME.toSeconds()));
    }

    /// A client error means what we showed; anything else is trouble at the endpoint. The code of an OAuth error is one
    /// of a few words, so the caller may read it; the endpoint's own sentence is for the log.
    private CallFailed refused(int status, Bytes body, Transfer transfer, Asked asked) {
        var said = Bytes.utf8(Target.without(asked.secrets(), body.utf8()));
        var answer = ErrorAnswer.read(status, said, transfer::header, clock.instant());
        LOG.warn(
                "The target '{}': its token endpoint answered with status {}: {}",
                target,
                status,
                Target.without(asked.secrets(), answer.message()));
        var code = code(said);
        boolean ours = status == 401 || status == 403 || (status == 400 && !isTrouble(code));
        if (ours) {
            return new Failure.CredentialRefused(
                            target,
                            "its workspace refused "
                                    + shown()
                                    + ": "
                                    + (code.isEmpty() ? "status " + status : code))
                    .asException();
        }
        return unreachable(
                "its token endpoint answered with status "
                        + status
                        + (status == 404 ? "; check that base_url is the workspace's host" : ""));
    }

    /// The status counts even when its body breaks off.
    private static Bytes words(Transfer transfer) {
        try {
            return transfer.readSome(ErrorAnswer.MAX_BYTES);
        } catch (CallFailed cut) {
            if (cut.failure() instanceof Failure.Upstream) {
                return Bytes.EMPTY;
            }
            throw cut;
        }
    }

    private static boolean isTrouble(String code) {
        return code.equals("temporarily_unavailable") || code.equals("server_error");
    }

    private String shown() {
        return switch (signIn) {
            case SignIn.ServicePrincipal _ -> "the client id or its secret";
            case SignIn.Federation _ -> "the federated token";
        };
    }

    private static String code(Bytes body) {
        try {
            var code = text(Fields.scan(body, ANSWER, Limits.DEFAULT).find("error"));
            return code != null && ERROR_CODE.matcher(code).matches() ? code : "";
        } catch (NotJson plain) {
            return "";
        }
    }

    private static @Nullable String text(@Nullable Field field) throws NotJson {
        return field == null || field.kind() != Kind.STRING ? null : field.string();
    }

    /// Nothing of the caller's own request has been sent yet, whatever became of this one.
    private CallFailed asTokenFailure(CallFailed failed) {
        if (failed.failure() instanceof Failure.TimedOut) {
            return timedOut();
        }
        return failed.failure() instanceof Failure.BrokenAnswer ? unusable() : failed;
    }

    private CallFailed unusable() {
        return unreachable("its token endpoint sent no usable answer");
    }

    private CallFailed unreachable(String why) {
        return new Failure.Unreachable(target, why).asException();
    }

    private CallFailed timedOut() {
        return new Failure.TimedOut(target, Failure.TimedOut.Phase.TOKEN, patience).asException();
    }

    void retire(Duration remaining) {
        wires.retire(remaining);
    }
}
