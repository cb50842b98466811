package sluice.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What was asked for on the command line.
record Options(
        boolean quick,
        boolean nginxOnly,
        boolean limited,
        Optional<String> only,
        Path gateway,
        Optional<Path> markdown,
        Optional<Path> json) {
    static final List<String> PARTS =
            List.of("calls", "translated", "streams", "big", "cold", "warm");
    static final String USAGE =
            """
            bench/run [--quick] [--limited] [--only NAME] [--markdown FILE] [--json FILE]
              --quick           about three minutes instead of about nine; fewer settings, fewer rounds
              --limited         the key and its team have limits and budgets, and the model has a price
              --only NAME       one part: calls, translated, streams, big (one 10 MB request),
                                cold (start), warm (the first half minute under load)
              --markdown FILE   write the table to FILE as well
              --json FILE       write everything that was seen, round by round
              --gateway FILE    the launcher to measure; target/sluice/sluice when not given
              --nginx-only      leave the gateway out, to see what the machine itself does
            """;

    /// `root` is the folder of the project, where the built distribution is looked for.
    static Options parse(Path root, String[] arguments) {
        var quick = false;
        var nginxOnly = false;
        var limited = false;
        var only = Optional.<String>empty();
        var gateway = root.resolve("target/sluice/sluice");
        var markdown = Optional.<Path>empty();
        var json = Optional.<Path>empty();
        for (var at = 0; at < arguments.length; at++) {
            var name = arguments[at];
            switch (name) {
                case "--quick" -> quick = true;
                case "--nginx-only" -> nginxOnly = true;
                case "--limited" -> limited = true;
                case "--only" -> only = Optional.of(part(value(arguments, ++at, name)));
                case "--gateway" -> gateway = Path.of(value(arguments, ++at, name));
                case "--markdown" -> markdown = Optional.of(Path.of(value(arguments, ++at, name)));
                case "--json" -> json = Optional.of(Path.of(value(arguments, ++at, name)));
                default -> throw new CannotRun("unknown option " + name + "\n" + USAGE);
            }
        }
        return new Options(
                quick, nginxOnly, limited, only, gateway.toAbsolutePath(), markdown, json);
    }

    boolean asksFor(String part) {
        return only.isEmpty() || only.get().equals(part);
    }

    private static String part(String name) {
        if (!PARTS.contains(name)) {
            throw new CannotRun("--only takes one of " + PARTS + ", got " + name);
        }
        return name;
    }

    private static String value(String[] arguments, int at, String name) {
        if (at >= arguments.length) {
            throw new CannotRun(name + " needs a value\n" + USAGE);
        }
        return arguments[at];
    }
}
