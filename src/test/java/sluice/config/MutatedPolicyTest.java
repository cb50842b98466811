package sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// Whatever a file holds, the answer is a configuration or faults with places: never an exception, never a secret.
class MutatedPolicyTest {
    private static final String SECRET = "zebra-crossing-47-zebra";
    private static final String GOOD =
            """
            pack: {name: acme-gateway, version: 1.0.0, enabled: true}
            server: &server
              listen: "127.0.0.1:8080"
              max_body_bytes: 1048576
            ledger: {path: "-", queue: 5, when_full: drop-and-count}
            providers:
              targets:
                - &first
                  id: databricks-main
                  provider: databricks
                  base_url: https://adb-1.azuredatabricks.net/serving-endpoints
                  surface: auto
                  secret_key_ref: {env: TOKEN}
                  models: ["*"]
                  timeout_seconds: 290
                  pricing: {m: {input_per_million: 0.54, output_per_million: 1, since: 2026-06-01}}
                - id: databricks-mlflow
                  provider: custom
                  base_format: openai
                  base_url: https://1.ai-gateway.cloud.databricks.com/mlflow
                  keyless: true
                  extra_headers: {Authorization: {template: "Bearer ${TOKEN}"}, X-Plain: yes-please}
            governance:
              virtual_keys:
                - {id: notebooks, key: {env: TOKEN}, models: ["databricks-main/*"]}
            """;
    private static final String[] PIECES = {
        "&a ",
        "*a",
        "*first",
        "{",
        "}",
        "[",
        "]",
        ": ",
        "- ",
        "\n",
        "\t",
        "\"",
        "'",
        "#",
        "|",
        ">",
        "?",
        "!",
        "!!str ",
        "---\n",
        "...\n",
        "%YAML 9.9\n",
        "<<: *server\n",
        "~",
        "null",
        "true",
        "-1",
        "1e999",
        "0x7f",
        "99999999999999999999",
        "${",
        "\u0000",
        "\u0085",
        "\uFEFF",
        "\uD83D\uDE00",
        "\r",
        "@",
        "`",
        "a".repeat(300)
    };

    @Test
    void aMutatedFileIsReadOrRefusedButNeverBreaksTheReader() {
        assertThat(read(GOOD.getBytes(StandardCharsets.UTF_8))).isInstanceOf(Loaded.Good.class);
        int good = 0;
        int faulty = 0;
        for (int seed = 0; seed < 4_000; seed++) {
            var random = new SplittableRandom(seed);
            var bytes = mutated(random);

            var loaded = read(bytes);

            var told = loaded.toString();
            assertThat(told).as("seed %d", seed).doesNotContain(SECRET);
            if (loaded instanceof Loaded.Good) {
                good++;
            }
            if (loaded instanceof Loaded.Faulty(var faults, _)) {
                faulty++;
                assertThat(faults)
                        .as("seed %d", seed)
                        .allSatisfy(fault -> {
                            assertThat(fault.place().line()).isPositive();
                            assertThat(fault.place().column()).isPositive();
                            assertThat(fault.toString()).matches("[\\x20-\\x7e]+");
                        });
            }
        }
        assertThat(good).isGreaterThan(200);
        assertThat(faulty).isGreaterThan(2000);
    }

    private static Loaded read(byte[] bytes) {
        var reading = new Reading(name -> name.equals("TOKEN") ? SECRET : null, new Sources());
        var file = YamlFile.read("p.yaml", bytes, reading);
        var configuration =
                PolicyFile.SECTION.read(Layers.merge(file.stream().toList(), reading), reading);
        return reading.faults().isEmpty()
                ? new Loaded.Good(configuration.orElseThrow(), reading.warnings())
                : new Loaded.Faulty(reading.faults(), reading.warnings());
    }

    private static byte[] mutated(RandomGenerator random) {
        var text = new StringBuilder(GOOD);
        int edits = 1 + random.nextInt(4);
        for (int i = 0; i < edits; i++) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(5)) {
                case 0 -> text.deleteCharAt(at);
                case 1 -> text.insert(at, PIECES[random.nextInt(PIECES.length)]);
                case 2 -> text.setCharAt(at, (char) random.nextInt(0x20, 0x7f));
                case 3 -> text.delete(at, Math.min(text.length(), at + random.nextInt(40)));
                default -> swapLines(text, random);
            }
            if (text.isEmpty()) {
                text.append(' ');
            }
        }
        var bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        if (random.nextInt(10) == 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return random.nextInt(20) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
    }

    private static void swapLines(StringBuilder text, RandomGenerator random) {
        List<String> lines = new ArrayList<>(text.toString().lines().toList());
        if (lines.size() > 1) {
            var line = lines.remove(random.nextInt(lines.size()));
            lines.add(random.nextInt(lines.size() + 1), line);
            text.setLength(0);
            text.append(String.join("\n", lines)).append('\n');
        }
    }
}
