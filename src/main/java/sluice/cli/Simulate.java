package sluice.cli;

import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import sluice.simulator.Behaviour;
import sluice.simulator.Settings;
import sluice.simulator.Simulator;

/// {@code sluice simulate}: a Databricks workspace that is not one, until it is interrupted.
@Command(
        name = "simulate",
        description = "Start a simulated Databricks workspace for demos and tests.",
        mixinStandardHelpOptions = true)
public final class Simulate implements Callable<Integer> {

    @Option(
            names = "--port",
            defaultValue = "8089",
            description = "The port to listen on; 0 takes a free one. Default: ${DEFAULT-VALUE}.")
    private int port;

    @Option(
            names = "--host",
            defaultValue = "127.0.0.1",
            description = "The address to listen on. Default: ${DEFAULT-VALUE}.")
    private String host = "";

    @Option(
            names = "--token",
            defaultValue = "simulator-token",
            description = "The only token it accepts. Default: ${DEFAULT-VALUE}.")
    private String token = "";

    @Option(
            names = "--behaviour",
            defaultValue = "normal;delay=200;interval=30",
            description =
                    "How models answer when nothing else is asked for. Default: ${DEFAULT-VALUE}.")
    private String behaviour = "";

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it calls
    private CommandSpec spec;

    @Override
    public Integer call() {
        try (var simulator = Simulator.start(port, settings())) {
            describe(simulator, spec.commandLine().getOut());
            new CountDownLatch(1).await();
        } catch (UncheckedIOException taken) {
            throw new ParameterException(spec.commandLine(), taken.getMessage());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        return 0;
    }

    private Settings settings() {
        try {
            return Settings.standard()
                    .withAddress(host)
                    .withToken(token)
                    .withBehaviour(behaviour)
                    .withRecorded(0);
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), "--behaviour: " + wrong.getMessage());
        }
    }

    private static void describe(Simulator simulator, PrintWriter out) {
        out.println("A simulated workspace answers at " + simulator.host());
        out.println("Its token is " + simulator.settings().token());
        out.println(
                "Its service principal is "
                        + simulator.settings().oidc().clientId()
                        + " with the secret "
                        + simulator.settings().oidc().clientSecret());
        out.println();
        out.println("Paths:");
        Simulator.paths().forEach(path -> out.println("  " + path));
        out.println();
        out.println("Serving endpoints:");
        simulator.settings().endpoints().forEach(endpoint -> out.println("  " + endpoint.name()));
        out.println();
        out.println(
                "Behaviours, as the model sim-NAME or in the header "
                        + Behaviour.HEADER
                        + ", with options behind a ';':");
        for (var behaviour : Behaviour.values()) {
            out.printf("  %-20s %s%n", behaviour.with(), behaviour.sentence());
        }
        out.println();
        out.println("Options:");
        Behaviour.OPTIONS.lines().forEach(line -> out.println("  " + line));
        out.flush();
    }
}
