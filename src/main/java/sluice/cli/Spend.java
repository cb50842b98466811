package sluice.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sluice.config.Environment;

/// {@code sluice spend --by team --since 7d}: asks a running gateway what was spent.
@Command(
        name = "spend",
        mixinStandardHelpOptions = true,
        description = {
            "Asks a running gateway what was spent, by whom and on what.",
            "The admin key is taken from SLUICE_ADMIN_KEY."
        })
final class Spend extends AdminCommand {
    @Option(
            names = "--by",
            paramLabel = "DIMENSIONS",
            defaultValue = "team",
            description =
                    "Some of day, key, team, customer, user, model, target; ${DEFAULT-VALUE} without it.")
    private String by = "team";

    @Option(
            names = "--since",
            paramLabel = "DAY",
            defaultValue = "30d",
            description = "The first day, such as 2026-11-01, or how many, such as 7d.")
    private String since = "30d";

    @Option(names = "--until", paramLabel = "DAY", description = "The last day; today without it.")
    private @Nullable String until;

    @Option(
            names = "--where",
            paramLabel = "NAME=VALUE",
            description = "Only what has this value, such as team=science.")
    private Map<String, String> where = new LinkedHashMap<>();

    @Option(names = "--csv", description = "Prints it for a table program.")
    private boolean csv;

    Spend(Environment environment) {
        super(environment);
    }

    @Override
    AdminDoor.Reply knock() throws IOException, InterruptedException {
        var query = new LinkedHashMap<>(where);
        query.put("by", by);
        query.put("since", since);
        if (until != null) {
            query.put("until", until);
        }
        if (csv) {
            query.put("format", "csv");
        }
        return ask("GET", "spend", query, null, null);
    }

    @Override
    void print(AdminDoor.Reply reply, PrintWriter out) {
        if (csv) {
            out.print(reply.text());
            return;
        }
        for (var row : reply.json().path("data")) {
            var names = new StringJoiner("  ");
            for (var dimension : by.split(",", -1)) {
                var name = row.path(dimension).asString("");
                names.add(name.isEmpty() ? "(none)" : name);
            }
            out.printf(
                    "%s: %s USD, %d calls, %d tokens in, %d out%s%n",
                    names,
                    row.path("cost_usd"),
                    row.path("calls").asLong(),
                    row.path("input_tokens").asLong(),
                    row.path("output_tokens").asLong(),
                    row.path("unpriced_calls").asLong() == 0
                            ? ""
                            : ", " + row.path("unpriced_calls") + " calls without a known price");
        }
    }
}
