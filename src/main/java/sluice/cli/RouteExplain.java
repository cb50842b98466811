package sluice.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sluice.config.Environment;
import tools.jackson.databind.JsonNode;

/// {@code sluice route explain}: asks a running gateway where the calls for a model would go now, and why.
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description = {
            "Asks a running gateway where the calls for a model would go now, and why.",
            "The operator's key is taken from SLUICE_ADMIN_KEY.",
            "Exit code 0: told. 1: the gateway refused. 2: it cannot be reached."
        })
final class RouteExplain extends AdminCommand {
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

    RouteExplain(Environment environment) {
        super(environment);
    }

    @Override
    AdminDoor.Reply knock() throws IOException, InterruptedException {
        var query = new LinkedHashMap<String, String>();
        if (model != null) {
            query.put("model", model);
        }
        if (key != null) {
            query.put("key", key);
        }
        return ask("GET", "routing", query, null, null);
    }

    @Override
    void print(AdminDoor.Reply reply, PrintWriter out) {
        reply.json().path("models").forEach(each -> print(each, out));
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
