package sluice.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import sluice.config.Environment;

/// {@code sluice route ...}: where calls go.
@Command(name = "route", description = "Where calls go.", mixinStandardHelpOptions = true)
final class Route {
    private Route() {}

    static CommandLine command(Environment environment) {
        return new CommandLine(new Route()).addSubcommand("explain", new RouteExplain(environment));
    }
}
