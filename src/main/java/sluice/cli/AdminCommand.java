package sluice.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sluice.config.Environment;
import tools.jackson.databind.JsonNode;

/// A command that asks the operators' door of a running gateway. Exit code 0: done. 1: the gateway refused. 2: it cannot be
/// reached.
abstract class AdminCommand implements Callable<Integer> {
    private final Environment environment;

    @Mixin private AdminDoor door = new AdminDoor();

    @Option(names = "--json", description = "Prints the gateway's own JSON.")
    private boolean json;

    @Spec private @Nullable CommandSpec spec;

    AdminCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public final Integer call() {
        try {
            var reply = knock();
            if (!reply.isGood()) {
                err().println("sluice: " + reply.message());
                return 1;
            }
            if (json) {
                out().println(reply.text());
            } else {
                print(reply, out());
            }
            out().flush();
            return 0;
        } catch (IOException unreachable) {
            err().println(
                            "sluice: no gateway answers at "
                                    + door.url()
                                    + " ("
                                    + unreachable.getClass().getSimpleName()
                                    + "); is it running, and is --url right?");
            return 2;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return 2;
        }
    }

    /// Asks what the command is for.
    abstract AdminDoor.Reply knock() throws IOException, InterruptedException;

    /// Tells it to a person.
    abstract void print(AdminDoor.Reply reply, PrintWriter out);

    final AdminDoor.Reply ask(
            String method,
            String path,
            Map<String, String> query,
            @Nullable String body,
            @Nullable String etag)
            throws IOException, InterruptedException {
        return door.ask(environment, method, path, query, body, etag);
    }

    /// An object on one line: its id, then the rest by name.
    static String line(JsonNode object) {
        var line = new StringBuilder(object.path("id").asString(""));
        object.properties().stream()
                .filter(entry -> !entry.getKey().equals("id") && !entry.getKey().equals("etag"))
                .filter(entry ->
                        !entry.getKey().endsWith("_at") && !entry.getKey().equals("updated_by"))
                .forEach(entry ->
                        line.append("  ")
                                .append(entry.getKey())
                                .append('=')
                                .append(
                                        entry.getValue().isString()
                                                ? entry.getValue().asString()
                                                : entry.getValue().toString()));
        return line.toString();
    }

    private PrintWriter out() {
        return spec().commandLine().getOut();
    }

    private PrintWriter err() {
        return spec().commandLine().getErr();
    }

    private CommandSpec spec() {
        var given = spec;
        if (given == null) {
            throw new IllegalStateException("picocli sets the spec");
        }
        return given;
    }
}
