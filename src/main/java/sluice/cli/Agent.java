package sluice.cli;

import picocli.CommandLine.Command;

/// {@code sluice agent}: what somebody with a coding agent needs.
@Command(
        name = "agent",
        description = "Settings for coding agents that call through the gateway.",
        mixinStandardHelpOptions = true,
        subcommands = AgentConfig.class)
final class Agent {}
