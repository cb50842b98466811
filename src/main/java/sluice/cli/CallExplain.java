package sluice.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// {@code sluice explain --call ID}: says from the ledger how a call went: which targets were considered, how they were
/// doing, where it was sent, and why each next attempt was made. No gateway needs to run.
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description = {
            "Says from the ledger how a call went, and why.",
            "Exit code 0: told. 1: no such call. 2: the ledger cannot be read."
        })
final class CallExplain implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it calls
    private CommandSpec spec;

    @Option(
            names = "--call",
            required = true,
            paramLabel = "ID",
            description = "The call's id, as x-request-id told it.")
    private String id = "";

    @Option(
            names = "--ledger",
            paramLabel = "FILE",
            defaultValue = "./data/ledger.jsonl",
            description =
                    "The ledger (ledger.path of the configuration); ${DEFAULT-VALUE} without it. The"
                            + " files set aside beside it are read too.")
    private Path ledger = Path.of("./data/ledger.jsonl");

    @Option(names = "--json", description = "Prints the ledger's lines as they are.")
    private boolean json;

    @Override
    public Integer call() {
        var out = spec.commandLine().getOut();
        var err = spec.commandLine().getErr();
        try {
            var lines = lines();
            if (lines.isEmpty()) {
                err.println("sluice: the ledger " + ledger + " has no call '" + id + "'");
                return 1;
            }
            if (json) {
                lines.forEach(out::println);
            } else {
                lines.forEach(line -> print(line, out));
            }
            out.flush();
            return 0;
        } catch (IOException unreadable) {
            err.println("sluice: cannot read the ledger: " + unreadable.getMessage());
            return 2;
        }
    }

    /// The newest file has the name itself, older ones a number behind it.
    private List<JsonNode> lines() throws IOException {
        var reader = new JsonMapper(); // here, because each command is made whenever one is run
        var found = new ArrayList<JsonNode>();
        for (int age = 0; ; age++) {
            var file = age == 0 ? ledger : Path.of(ledger + "." + age);
            if (age > 0 && !Files.exists(file)) {
                return found;
            }
            try (var all = Files.lines(file)) {
                all.filter(line -> line.contains(id))
                        .forEach(line -> {
                            var read = parse(line, reader);
                            if (read != null && read.path("id").asString("").equals(id)) {
                                found.add(read);
                            }
                        });
            }
            if (!found.isEmpty()) {
                return found;
            }
        }
    }

    /// The last line may still be on its way.
    private static @Nullable JsonNode parse(String line, JsonMapper reader) {
        try {
            return reader.readTree(line);
        } catch (JacksonException unfinished) {
            return null;
        }
    }

    private static void print(JsonNode line, PrintWriter out) {
        if (line.path("line").asString("").equals("attempt")) {
            out.printf(
                    "attempt %d at %s: %s after %s, then %s (%s)%n",
                    line.path("attempt").asInt(),
                    line.path("resolved").asString(""),
                    line.path("failure").asString(""),
                    millis(line),
                    line.path("next").asString(""),
                    line.path("why").asString(""));
            return;
        }
        var failure = line.path("failure").asString("");
        out.printf(
                "call %s of %s for '%s': status %d%s, %d attempt%s, %s in all%n",
                line.path("id").asString(""),
                line.path("time").asString(""),
                line.path("asked").asString(""),
                line.path("status").asInt(),
                failure.isEmpty() ? "" : " (" + failure + ")",
                line.path("attempt").asInt(),
                line.path("attempt").asInt() == 1 ? "" : "s",
                millis(line));
        if (!line.path("resolved").asString("").isEmpty()) {
            out.println("  the last one went to " + line.path("resolved").asString(""));
        }
        for (var choice : line.path("routing")) {
            out.printf(
                    "  %s, %s, when the first target was chosen:%n",
                    choice.path("model").asString(""), choice.path("strategy").asString(""));
            for (var considered : choice.path("considered")) {
                out.printf(
                        "    %s %s  %s%s%n",
                        considered.path("chosen").asBoolean(false) ? "->" : "  ",
                        considered.path("target").asString(""),
                        considered.has("skipped")
                                ? "left out: " + considered.path("skipped").asString("")
                                : considered.path("health").asString(""),
                        pace(considered));
            }
        }
    }

    private static String pace(JsonNode considered) {
        int samples = considered.path("samples").asInt();
        return samples == 0
                ? ", no samples"
                : ", %.1f ms a token (%d samples)"
                        .formatted(considered.path("micros_per_token").asLong() / 1_000.0, samples);
    }

    private static String millis(JsonNode line) {
        return "%.1f ms".formatted(line.path("micros").path("total").asLong() / 1_000.0);
    }
}
