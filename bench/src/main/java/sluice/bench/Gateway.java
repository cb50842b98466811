package sluice.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// The product as an operator starts it: the built distribution, one event loop, a virtual key that
/// is checked and a ledger that is written.
final class Gateway {
    static final String NAME = "sluice";

    /// A model behind a target that speaks the caller's dialect, and one behind a target that does not.
    static final String SAME_DIALECT = "up/bench-model";

    static final String OTHER_DIALECT = "to/bench-model";

    private static final String DATA = "data";

    private static final String FREE =
            """
              virtual_keys:
                - {id: bench, key: {env: SLUICE_BENCH_KEY}, models: ["up/*", "to/*"]}
            """;

    /// So much that nothing is refused: what is measured is the counting.
    private static final String LIMITED =
            """
              organisation: {budgets: [{limit_usd: 900000000, every: month}]}
              customers: [{id: acme}]
              teams:
                - id: research
                  customer: acme
                  budgets: [{limit_usd: 900000000, every: month}, {limit_tokens: 1000000000000, every: month}]
                  rate_limits: [{limit: 1000000000, unit: requests, per: minute}, {limit: 1000000000000, unit: tokens, per: minute}, {limit: 10000, unit: concurrent}]
              users: [{id: ada, team: research}]
              virtual_keys:
                - id: bench
                  key: {env: SLUICE_BENCH_KEY}
                  models: ["up/*", "to/*"]
                  team: research
                  user: ada
                  budgets: [{limit_usd: 900000000, every: day}, {limit_tokens: 1000000000000, every: day}]
                  rate_limits: [{limit: 1000000000, unit: requests, per: minute}, {limit: 1000000000000, unit: tokens, per: minute}, {limit: 10000, unit: concurrent}]
            """;

    private static final String PRICED =
            ", pricing: {bench-model: {input_per_million: 3, output_per_million: 15}}";

    private Gateway() {}

    static Subject subject(Stage stage, int upstreamPort) throws IOException {
        var launcher = stage.options.gateway();
        if (!Files.isExecutable(launcher)) {
            throw new CannotRun(
                    "There is no built gateway at %s: run ./mvnw package first, or give --gateway FILE, or --nginx-only."
                            .formatted(launcher));
        }
        var port = Stage.freePort();
        var folder = stage.folder(NAME);
        var configuration =
                Files.writeString(
                        folder.resolve("bench.yaml"),
                        yaml(folder, upstreamPort, stage.options.limited()));
        var command =
                List.of(
                        launcher.toString(),
                        "run",
                        "--listen",
                        "127.0.0.1:" + port,
                        "--policy-config",
                        configuration.toString());
        return new Subject(NAME, port, command, Map.of("SLUICE_BENCH_KEY", Call.KEY));
    }

    /// The lines of the ledger in all of its files: a full one is set aside as `ledger.jsonl.1`.
    static long ledgerLines(Stage stage) throws IOException {
        var lines = 0L;
        try (var files = Files.newDirectoryStream(stage.folder(NAME), "ledger.jsonl*")) {
            for (var file : files) {
                try (var each = Files.lines(file)) {
                    lines += each.count();
                }
            }
        }
        return lines;
    }

    /// Forgets what it booked, so that the next start is its first.
    static void forget(Stage stage) throws IOException {
        stage.remove(stage.folder(NAME).resolve(DATA));
    }

    private static String yaml(Path folder, int upstreamPort, boolean limited) {
        return """
        pack: {name: bench, version: 1.0.0, enabled: true}
        server: {event_loops: 1}
        ledger: {path: %s/ledger.jsonl}
        store: {type: embedded, path: %s/%s}
        providers:
          targets:
            - {id: up, provider: custom, base_format: openai, base_url: "http://127.0.0.1:%d", keyless: true, models: [bench-model]%s}
            - {id: to, provider: custom, base_format: anthropic, base_url: "http://127.0.0.1:%d", keyless: true, models: [bench-model]%s}
        governance:
        """
                        .formatted(
                                folder,
                                folder,
                                DATA,
                                upstreamPort,
                                limited ? PRICED : "",
                                upstreamPort,
                                limited ? PRICED : "")
                + (limited ? LIMITED : FREE);
    }
}
