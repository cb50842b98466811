package sluice.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The load of plain calls: wrk with one thread, sending the same call over kept connections.
final class Wrk {
    record Seen(double calls, double seconds, double p50, double p99, double p999, double failed) {}

    private Wrk() {}

    static Seen run(Stage stage, String cores, int port, int concurrency, byte[] body, int seconds)
            throws IOException {
        var folder = stage.folder("wrk");
        var file = Files.write(folder.resolve("body.json"), body);
        var script = Files.writeString(folder.resolve("call.lua"), script(file.toString()));
        var command =
                List.of(
                        stage.machine.wrk().toString(),
                        "-t1",
                        "-c" + concurrency,
                        "-d" + seconds + "s",
                        "--timeout",
                        "10s",
                        "-s",
                        script.toString(),
                        "http://127.0.0.1:" + port + Call.PATH);
        var wrk = new Subject("wrk", port, command, Map.of());
        return parse(stage.said(wrk, cores, Duration.ofSeconds(seconds + 15)));
    }

    private static String script(String body) {
        return """
        wrk.method = "POST"
        wrk.headers["Content-Type"] = "application/json"
        wrk.headers["Authorization"] = "Bearer %s"
        local file = io.open("%s", "rb")
        wrk.body = file:read("*a")
        file:close()
        function done(summary, latency, requests)
            local e = summary.errors
            local failed = e.connect + e.read + e.write + e.status + e.timeout
            io.write(string.format("\\nseen calls=%%d micros=%%d p50=%%d p99=%%d p999=%%d failed=%%d\\n",
                summary.requests, summary.duration, latency:percentile(50),
                latency:percentile(99), latency:percentile(99.9), failed))
        end
        """
                .formatted(Call.KEY, body);
    }

    private static Seen parse(String said) throws IOException {
        var line = said.lines().filter(each -> each.startsWith("seen ")).findFirst();
        if (line.isEmpty()) {
            throw new IOException("wrk measured nothing: " + said.strip());
        }
        Map<String, Double> seen = new HashMap<>();
        for (var pair : line.get().substring(5).split(" ")) {
            var sides = pair.split("=");
            seen.put(sides[0], Double.valueOf(sides[1]));
        }
        return new Seen(
                seen.get("calls"),
                seen.get("micros") / 1e6,
                seen.get("p50"),
                seen.get("p99"),
                seen.get("p999"),
                seen.get("failed"));
    }
}
