package sluice.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sluice.config.Environment;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// {@code sluice team list}, {@code sluice budget create ID --set limit_usd=5} and their like, for every kind of object that
/// the operators' door has.
final class ObjectCommands {
    /// The word of the command line, and that of an address.
    private static final Map<String, String> KINDS = kinds();

    private ObjectCommands() {}

    private static Map<String, String> kinds() {
        var kinds = new LinkedHashMap<String, String>();
        for (var kind :
                List.of(
                        "key",
                        "team",
                        "customer",
                        "user",
                        "role",
                        "budget",
                        "limit",
                        "provider",
                        "virtual-model")) {
            kinds.put(kind, kind + "s");
        }
        return kinds;
    }

    static void addTo(CommandLine root, Environment environment) {
        KINDS.forEach((word, kind) -> {
            var command = new CommandLine(new Root());
            command.getCommandSpec()
                    .name(word)
                    .usageMessage()
                    .description(
                            "Shows and changes " + kind + " of a running gateway.",
                            "The admin key is taken from " + AdminDoor.VARIABLE + ".");
            command.addSubcommand("list", new Listing(kind, environment));
            command.addSubcommand("show", new Show(kind, environment));
            command.addSubcommand("create", new Create(kind, environment));
            command.addSubcommand("update", new Update(kind, environment));
            command.addSubcommand("delete", new Delete(kind, environment));
            if (word.equals("key")) {
                command.addSubcommand("rotate", new Rotate(environment));
                command.addSubcommand("disable", new Able("disable", environment));
                command.addSubcommand("enable", new Able("enable", environment));
            }
            if (word.equals("budget")) {
                command.addSubcommand("status", new Status(environment));
            }
            root.addSubcommand(word, command);
        });
    }

    @Command(mixinStandardHelpOptions = true)
    private static final class Root {}

    @Command(description = "Lists them.", mixinStandardHelpOptions = true)
    private static final class Listing extends AdminCommand {
        private final String kind;

        @Option(names = "--team", paramLabel = "ID", description = "Those of a team only.")
        private @Nullable String team;

        @Option(
                names = "--limit",
                paramLabel = "N",
                defaultValue = "1000",
                description = "How many at most.")
        private int limit;

        @Option(names = "--after", paramLabel = "ID", description = "From this one on.")
        private @Nullable String after;

        Listing(String kind, Environment environment) {
            super(environment);
            this.kind = kind;
        }

        @Override
        AdminDoor.Reply knock() throws IOException, InterruptedException {
            var query = new LinkedHashMap<String, String>();
            query.put("limit", Integer.toString(limit));
            if (team != null) {
                query.put("team", team);
            }
            if (after != null) {
                query.put("after", after);
            }
            return ask("GET", kind, query, null, null);
        }

        @Override
        void print(AdminDoor.Reply reply, PrintWriter out) {
            reply.json().path("data").forEach(row -> out.println(line(row)));
            var next = reply.json().path("next").asString("");
            if (!next.isEmpty()) {
                out.println("... more: --after " + next);
            }
        }
    }

    /// A command about one object.
    private abstract static class OfOne extends AdminCommand {
        final String kind;

        @Parameters(index = "0", paramLabel = "ID", description = "The object's id.")
        String id = "";

        OfOne(String kind, Environment environment) {
            super(environment);
            this.kind = kind;
        }

        final String path() {
            return kind + "/" + AdminDoor.part(id);
        }

        @Override
        void print(AdminDoor.Reply reply, PrintWriter out) {
            out.println(line(reply.json()));
        }
    }

    @Command(description = "Shows one.", mixinStandardHelpOptions = true)
    private static final class Show extends OfOne {
        Show(String kind, Environment environment) {
            super(kind, environment);
        }

        @Override
        AdminDoor.Reply knock() throws IOException, InterruptedException {
            return ask("GET", path(), Map.of(), null, null);
        }
    }

    /// A command that says how an object is to be.
    private abstract static class Written extends OfOne {
        @Option(
                names = "--set",
                paramLabel = "NAME=VALUE",
                description =
                        "One of its keys as a policy file has them, such as budget.limit_usd=5; a value that is JSON"
                                + " is taken as such.")
        private Map<String, String> set = new LinkedHashMap<>();

        @Option(names = "--file", paramLabel = "FILE", description = "All of it, as JSON.")
        private @Nullable Path file;

        @Option(names = "--team", paramLabel = "ID", description = "The team that it belongs to.")
        private @Nullable String team;

        @Option(
                names = "--models",
                paramLabel = "PATTERN",
                split = ",",
                description = "The models that may be used.")
        private @Nullable List<String> models;

        @Option(names = "--dry-run", description = "Only tells what would be wrong.")
        private boolean dry;

        Written(String kind, Environment environment) {
            super(kind, environment);
        }

        final Map<String, String> query() {
            return dry ? Map.of("dry_run", "true") : Map.of();
        }

        /// Lays what was given over what there is.
        final String over(ObjectNode document) throws IOException {
            if (file != null
                    && AdminDoor.JSON.readTree(Files.readString(file))
                            instanceof ObjectNode given) {
                given.properties().forEach(entry -> document.set(entry.getKey(), entry.getValue()));
            }
            if (team != null) {
                document.put("team", team);
            }
            if (models != null) {
                var list = document.putArray("models");
                models.forEach(list::add);
            }
            set.forEach((name, value) -> put(document, name, value));
            return AdminDoor.JSON.writeValueAsString(document);
        }

        private static void put(ObjectNode document, String name, String value) {
            int dot = name.indexOf('.');
            if (dot > 0) {
                var first = name.substring(0, dot);
                var below =
                        document.get(first) instanceof ObjectNode there
                                ? there
                                : document.putObject(first);
                put(below, name.substring(dot + 1), value);
            } else {
                document.set(name, read(value));
            }
        }

        private static JsonNode read(String value) {
            try {
                return AdminDoor.JSON.readTree(value);
            } catch (JacksonException text) {
                return AdminDoor.JSON.getNodeFactory().stringNode(value);
            }
        }
    }

    @Command(
            description = "Makes one. The text of a key is told now and never again.",
            mixinStandardHelpOptions = true)
    private static final class Create extends Written {
        Create(String kind, Environment environment) {
            super(kind, environment);
        }

        @Override
        AdminDoor.Reply knock() throws IOException, InterruptedException {
            var document = AdminDoor.JSON.createObjectNode().put("id", id);
            return ask("POST", kind, query(), over(document), null);
        }
    }

    @Command(description = "Changes one; what is not given stays.", mixinStandardHelpOptions = true)
    private static final class Update extends Written {
        Update(String kind, Environment environment) {
            super(kind, environment);
        }

        @Override
        AdminDoor.Reply knock() throws IOException, InterruptedException {
            var there = ask("GET", path(), Map.of(), null, null);
            if (!there.isGood() || !(there.json() instanceof ObjectNode document)) {
                return there;
            }
            return ask("PUT", path(), query(), over(document), there.etag());
        }
    }

    @Command(description = "Removes one.", mixinStandardHelpOptions = true)
    private static final class Delete extends OfOne {
        Delete(String kind, Environment environment) {
            super(kind, environment);
        }

        @Override
        AdminDoor.Reply knock() throws IOException, InterruptedException {
            return ask("DELETE", path(), Map.of(), null, "*");
        }

        @Override
        void print(AdminDoor.Reply reply, PrintWriter out) {
            out.println(id + " is removed");
        }
    }

    @Command(
            description = "Gives a key a new text; the one before stays good for a while.",
            mixinStandardHelpOptions = true)
    private static final class Rotate extends OfOne {
        @Option(
                names = "--overlap-seconds",
                paramLabel = "N",
                defaultValue = "86400",
                description = "How long the one before stays good; ${DEFAULT-VALUE} without it.")
        private long overlap;

        Rotate(Environment environment) {
            super("keys", environment);
        }

        @Override
        AdminDoor.Reply knock() throws IOException, InterruptedException {
            return ask(
                    "POST",
                    path() + "/rotate",
                    Map.of("overlap_seconds", Long.toString(overlap)),
                    null,
                    null);
        }
    }

    @Command(description = "Switches a key off, or on again.", mixinStandardHelpOptions = true)
    private static final class Able extends OfOne {
        private final String action;

        Able(String action, Environment environment) {
            super("keys", environment);
            this.action = action;
        }

        @Override
        AdminDoor.Reply knock() throws IOException, InterruptedException {
            return ask("POST", path() + "/" + action, Map.of(), null, null);
        }
    }

    @Command(description = "Tells how the budgets stand.", mixinStandardHelpOptions = true)
    private static final class Status extends AdminCommand {
        @Option(
                names = "--owner",
                paramLabel = "KIND/ID",
                description = "Those of one owner only, such as team/science.")
        private @Nullable String owner;

        Status(Environment environment) {
            super(environment);
        }

        @Override
        AdminDoor.Reply knock() throws IOException, InterruptedException {
            return ask(
                    "GET",
                    "accounts",
                    owner == null ? Map.of() : Map.of("owner", owner),
                    null,
                    null);
        }

        @Override
        void print(AdminDoor.Reply reply, PrintWriter out) {
            for (var row : reply.json().path("data")) {
                var unit = row.has("limit_usd") ? "usd" : "tokens";
                out.printf(
                        "%s: %s of %s %s spent, %s held, per %s%s%n",
                        row.path("account").asString(),
                        row.path("spent_" + unit),
                        row.path("limit_" + unit),
                        unit,
                        row.path("held_" + unit),
                        row.path("every").asString(),
                        row.path("mode").asString().equals("shadow") ? " (shadow)" : "");
            }
        }
    }
}
