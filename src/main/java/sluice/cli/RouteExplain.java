package sluice.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sluice.config.Environment;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// {@code sluice route explain}: asks a running gateway where the calls for a model would go now, and why.
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description = {
            "Asks a running gateway where the calls for a model would go now, and why.",
            "The operator's key is taken from SLUICE_ADMIN_KEY.",
            "Exit code 0: told. 1: the gateway refused. 2: it cannot be reached."
        })
final class RouteExplain implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Environment environment;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it calls
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "MODEL",
            description = "A model's name as callers write it; all virtual models without it.")
    private @Nullable String model;

    @Option(
            names = "--key",
            paramLabel = "ID",
            description = "The id of the virtual key whose calls are meant.")
    private @Nullable String key;

    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:8080",
            description = "Where the gateway listens; ${DEFAULT-VALUE} without it.")
    private URI url = URI.create("http://127.0.0.1:8080");

    @Option(names = "--json", description = "Prints the gateway's own JSON.")
    private boolean json;

    RouteExplain(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() {
        var out = spec.commandLine().getOut();
        var err = spec.commandLine().getErr();
        try {
            var answer = ask();
            if (answer.isObject() && answer.has("error")) {
                err.println("sluice: " + answer.path("error").path("message").asString(""));
                return 1;
            }
            if (json) {
                out.println(answer);
            } else {
                answer.path("models").forEach(each -> print(each, out));
            }
            out.flush();
            return 0;
        } catch (IOException | JacksonException unreachable) {
            err.println(
                    "sluice: no gateway answers at "
                            + url
                            + " ("
                            + unreachable.getClass().getSimpleName()
                            + "); is it running, and is --url right?");
            return 2;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return 2;
        }
    }

    private JsonNode ask() throws IOException, InterruptedException {
        var query = new StringBuilder();
        add(query, "model", model);
        add(query, "key", key);
        var request =
                HttpRequest.newBuilder(URI.create(url + "/admin/v1/routing" + query))
                        .timeout(PATIENCE);
        var operator = environment.value(AdminKey.VARIABLE);
        if (operator != null && !operator.isEmpty()) {
            request.header("authorization", "Bearer " + operator);
        }
        try (var client = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
            var answer = client.send(request.build(), BodyHandlers.ofString());
            return new JsonMapper().readTree(answer.body());
        }
    }

    private static void add(StringBuilder query, String name, @Nullable String value) {
        if (value != null) {
            query.append(query.isEmpty() ? '?' : '&')
                    .append(name)
                    .append('=')
                    .append(URLEncoder.encode(value, StandardCharsets.UTF_8));
        }
    }

    private static void print(JsonNode model, PrintWriter out) {
        out.printf(
                "%s: %s, for '%s'%s%n",
                model.path("model").asString(""),
                model.path("strategy").asString(""),
                model.path("key").asString(""),
                model.path("allowed").asBoolean(false) ? "" : ", WHICH MAY NOT USE IT");
        for (var candidate : model.path("candidates")) {
            out.printf(
                    "  %d. %s  %s, weight %d, priority %d, %s%n",
                    candidate.path("order").asInt(),
                    candidate.path("target").asString(""),
                    candidate.path("health").asString(""),
                    candidate.path("weight").asInt(),
                    candidate.path("priority").asInt(),
                    pace(candidate));
            if (!candidate.path("why").isNull()) {
                out.println("     " + candidate.path("why").asString(""));
            }
            if (candidate.has("metadata_match")) {
                out.println("     only for calls with " + candidate.path("metadata_match"));
            }
            if (!candidate.path("fallback_candidate").asBoolean(true)) {
                out.println("     never stands in for another");
            }
        }
    }

    private static String pace(JsonNode candidate) {
        int samples = candidate.path("samples").asInt();
        return samples == 0
                ? "no samples"
                : "%.1f ms a token (%d samples)"
                        .formatted(candidate.path("micros_per_token").asLong() / 1_000.0, samples);
    }
}
