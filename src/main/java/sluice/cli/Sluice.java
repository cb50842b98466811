package sluice.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import sluice.config.Environment;

/// The root of the command line.
@Command(
        name = "sluice",
        description = "One gate between your apps and agents and your lakehouse.",
        version = "sluice 0.1.0",
        mixinStandardHelpOptions = true,
        subcommands = {
            Run.class,
            GatewayCommand.class,
            Simulate.class,
            SelfTest.class,
            CallExplain.class,
            Agent.class
        })
public final class Sluice {

    /// Runs one command.
    ///
    /// @return the exit code: 0 for success, 1 when the command found a fault, 2 when it could not do its work
    public static int run(Environment environment, String... arguments) {
        return new CommandLine(new Sluice())
                .addSubcommand("policy", Policy.command(environment))
                .addSubcommand("route", Route.command(environment))
                .execute(arguments);
    }
}
