package sluice.cli;

import picocli.CommandLine.Command;

/// {@code sluice gateway run}: the long spelling of {@code sluice run}.
@Command(
        name = "gateway",
        description = "The gateway itself.",
        mixinStandardHelpOptions = true,
        subcommands = Run.class)
final class GatewayCommand {}
