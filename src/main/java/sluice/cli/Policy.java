package sluice.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import sluice.config.Environment;

/// {@code sluice policy}: everything about policy files that does not need a running gateway.
@Command(
        name = "policy",
        description = "Checks and describes policy files.",
        mixinStandardHelpOptions = true)
final class Policy {
    private Policy() {}

    /// The command with what stands below it, to be added to the root by that name.
    static CommandLine command(Environment environment) {
        return new CommandLine(new Policy())
                .addSubcommand(new PolicyLint(environment))
                .addSubcommand(new PolicyPrintSchema());
    }
}
