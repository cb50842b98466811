package sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import sluice.simulator.Simulator;

class SimulateTest {

    @Test
    void itAnswersWhereItSaysUntilItIsInterrupted() throws Exception {
        var out = new PipedWriter();
        var command = new CommandLine(new Simulate()).setOut(new PrintWriter(out));
        try (var lines = new BufferedReader(new PipedReader(out, 1 << 16));
                var http = HttpClient.newHttpClient()) {
            var running =
                    Thread.ofPlatform()
                            .start(() -> command.execute("--port", "0", "--token", "secret-word"));
            var first = lines.readLine();
            assertThat(first).startsWith("A simulated workspace answers at http://127.0.0.1:");
            var host = first.substring(first.indexOf("http://"));

            var reply =
                    http.send(
                            HttpRequest.newBuilder(URI.create(host + "/api/2.0/serving-endpoints"))
                                    .header("authorization", "Bearer secret-word")
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            running.interrupt();

            assertThat(running.join(Duration.ofSeconds(10))).isTrue();
            assertThat(reply.statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aBehaviourThatDoesNotExistIsRefused() {
        var err = new StringWriter();
        int status =
                new CommandLine(new Simulate())
                        .setErr(new PrintWriter(err))
                        .execute("--port", "0", "--behaviour", "nonsense");

        assertThat(status).isEqualTo(2);
        assertThat(err.toString()).startsWith("--behaviour: unknown behaviour 'nonsense'");
    }

    @Test
    void aPortThatIsTakenIsSaidSo() {
        var err = new StringWriter();
        try (var first = Simulator.start(0)) {
            int status =
                    new CommandLine(new Simulate())
                            .setErr(new PrintWriter(err))
                            .execute("--port", Integer.toString(first.port()));

            assertThat(status).isEqualTo(2);
            assertThat(err.toString()).startsWith("the simulator cannot listen on 127.0.0.1:");
        }
    }
}
