package sluice.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sluice.config.ConfigurationFiles;
import sluice.config.Environment;
import sluice.config.Fault;
import sluice.config.Loaded;
import sluice.config.Place;
import sluice.config.Warning;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// {@code sluice policy lint}: reads files as the gateway would, secrets included, and says everything that is wrong.
@Command(
        name = "lint",
        mixinStandardHelpOptions = true,
        description = {
            "Checks policy files as the gateway would read them, later files over earlier ones.",
            "Exit code 0: good. 1: faults. 2: a file cannot be read."
        })
final class PolicyLint implements Callable<Integer> {
    private static final JsonFactory JSON = new JsonFactory();

    private final Environment environment;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it calls
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "A policy file.")
    private List<Path> files = List.of();

    @Option(names = "--json", description = "Prints one JSON object instead of lines.")
    private boolean json;

    PolicyLint(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() {
        var out = spec.commandLine().getOut();
        var loaded = ConfigurationFiles.load(files, environment);
        if (json) {
            out.println(asJson(loaded));
        } else {
            printLines(loaded, out);
        }
        out.flush();
        return switch (loaded) {
            case Loaded.Good _ -> 0;
            case Loaded.Faulty _ -> 1;
            case Loaded.Unreadable _ -> 2;
        };
    }

    private static void printLines(Loaded loaded, PrintWriter out) {
        var faults = faults(loaded);
        var warnings = warnings(loaded);
        faults.forEach(out::println);
        warnings.forEach(
                warning -> out.println(warning.place() + ": warning: " + warning.message()));
        var summary =
                loaded instanceof Loaded.Good(var good, _)
                        ? "good: "
                                + counted(good.targets().size(), "target")
                                + ", "
                                + counted(good.virtualKeys().size(), "virtual key")
                        : counted(faults.size(), "fault");
        out.println(summary + ", " + counted(warnings.size(), "warning"));
    }

    private static String asJson(Loaded loaded) {
        var text = new StringWriter();
        try (var to = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            to.writeStartObject();
            to.writeName("faults");
            to.writeStartArray();
            faults(loaded).forEach(fault -> write(fault.place(), fault.message(), to));
            to.writeEndArray();
            to.writeName("warnings");
            to.writeStartArray();
            warnings(loaded).forEach(warning -> write(warning.place(), warning.message(), to));
            to.writeEndArray();
            to.writeName("ok");
            to.writeBoolean(loaded instanceof Loaded.Good);
            to.writeEndObject();
        }
        return text.toString();
    }

    private static void write(Place place, String message, JsonGenerator to) {
        to.writeStartObject();
        to.writeName("file");
        to.writeString(place.file());
        to.writeName("line");
        to.writeNumber(place.line());
        to.writeName("column");
        to.writeNumber(place.column());
        to.writeName("path");
        to.writeString(place.path());
        to.writeName("message");
        to.writeString(message);
        to.writeEndObject();
    }

    private static List<Fault> faults(Loaded loaded) {
        return switch (loaded) {
            case Loaded.Good _ -> List.of();
            case Loaded.Faulty(var faults, _) -> faults;
            case Loaded.Unreadable(var faults) -> faults;
        };
    }

    private static List<Warning> warnings(Loaded loaded) {
        return switch (loaded) {
            case Loaded.Good(_, var warnings) -> warnings;
            case Loaded.Faulty(_, var warnings) -> warnings;
            case Loaded.Unreadable _ -> List.of();
        };
    }

    private static String counted(int count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }
}
