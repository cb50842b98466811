package sluice.cli;

import java.io.PrintWriter;
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
        return root(environment).execute(arguments);
    }

    /// @param out takes what the command tells
    /// @param err takes what went wrong
    public static int run(
            Environment environment, PrintWriter out, PrintWriter err, String... arguments) {
        return root(environment).setOut(out).setErr(err).execute(arguments);
    }

    private static CommandLine root(Environment environment) {
        var root =
                new CommandLine(new Sluice())
                        .addSubcommand("policy", Policy.command(environment))
                        .addSubcommand("route", Route.command(environment))
                        .addSubcommand("spend", new Spend(environment));
        ObjectCommands.addTo(root, environment);
        return root;
    }
}
