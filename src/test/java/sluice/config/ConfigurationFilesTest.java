package sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.call.ModelPatterns;
import sluice.call.Secret;

class ConfigurationFilesTest {
    @TempDir private Path directory;

    @Test
    void noFileMeansTheDefaults() {
        assertThat(new Operator(directory).loadsWell()).isEqualTo(Configuration.defaults());
    }

    /// The form of facts/forms.md section 3, as people bring it.
    @Test
    void aModelStandsInTheProviderOrBesideIt() {
        var configuration =
                operator()
                        .policy(
                                "p.yaml",
                                """
                                # a target with the model in its provider string, and one with the model beside it
                                providers:
                                  targets:
                                    - {id: llama, provider: "databricks:chat:databricks-meta-llama-3-3-70b-instruct", base_url: "https://acme.azuredatabricks.net/serving-endpoints", secret_key_ref: {env: TOKEN}}
                                    - {id: vectors, provider: databricks, model: databricks-bge-large-en, base_url: "https://acme.azuredatabricks.net/serving-endpoints", secret_key_ref: {env: TOKEN}, format: openai, timeout_seconds: 60}
                                """)
                        .loadsWell();

        var llama = configuration.targets().getFirst();
        assertThat(llama.id()).isEqualTo("llama");
        assertThat(llama.provider())
                .isEqualTo(new Provider.Databricks(Provider.Surface.AUTO, List.of()));
        assertThat(llama.baseUrl()).isEqualTo(URI.create("https://acme.azuredatabricks.net"));
        assertThat(llama.models())
                .isEqualTo(
                        new ModelSelection.Named(
                                List.of("databricks-meta-llama-3-3-70b-instruct")));
        assertThat(llama.deadlines())
                .isEqualTo(
                        new Deadlines(
                                Duration.ofSeconds(290),
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(290),
                                Duration.ofSeconds(120)));
        assertThat(llama.place().line()).isEqualTo(4);
        assertThat(((Credential.PersonalToken) llama.credential()).token().<String>use(t -> t))
                .isEqualTo("a-token-of-decent-length");

        var vectors = configuration.targets().getLast();
        assertThat(vectors.models())
                .isEqualTo(new ModelSelection.Named(List.of("databricks-bge-large-en")));
        assertThat(vectors.deadlines())
                .isEqualTo(
                        new Deadlines(
                                Duration.ofSeconds(60),
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(60),
                                Duration.ofSeconds(60)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://adb-1.azuredatabricks.net",
                "https://adb-1.azuredatabricks.net/",
                "https://adb-1.azuredatabricks.net/serving-endpoints",
                "https://adb-1.azuredatabricks.net/serving-endpoints/",
                "HTTPS://ADB-1.azuredatabricks.net",
            })
    void aWorkspaceIsNamedByItsHostOrItsServingEndpoints(String url) {
        var target =
                operator()
                        .policy(
                                "p.yaml",
                                "providers: {targets: [{id: d, provider: databricks, surface: serving,"
                                        + " base_url: '%s', secret_key_ref: {env: TOKEN}}]}"
                                                .formatted(url))
                        .loadsWell()
                        .targets()
                        .getFirst();

        assertThat(target.baseUrl()).isEqualTo(URI.create("https://adb-1.azuredatabricks.net"));
        assertThat(target.provider())
                .isEqualTo(new Provider.Databricks(Provider.Surface.SERVING, List.of()));
        assertThat(target.models()).isEqualTo(new ModelSelection.All());
    }

    @Test
    void aHostMayBeCalledLikeThePath() {
        var target =
                operator()
                        .policy(
                                "p.yaml",
                                "providers: {targets: [{id: d, provider: databricks, secret_key_ref: {env:"
                                        + " TOKEN}, base_url: 'https://serving-endpoints'}]}")
                        .loadsWell()
                        .targets()
                        .getFirst();

        assertThat(target.baseUrl()).isEqualTo(URI.create("https://serving-endpoints"));
    }

    @Test
    void aCustomProviderBringsItsOwnHeaders() {
        var target =
                operator()
                        .writes("team", "research\r\n")
                        .policy(
                                "p.yaml",
                                """
                                providers:
                                  targets:
                                    - id: databricks-mlflow
                                      provider: custom
                                      base_format: openai
                                      base_url: http://127.0.0.1:9000/mlflow/
                                      keyless: true
                                      models: []
                                      extra_headers:
                                        Authorization: {template: "Bearer ${TOKEN}"}
                                        X-Team: {file: "%s/team"}
                                        X-Token: {env: TOKEN}
                                        anthropic-beta: prompt-caching-2024-07-31
                                """
                                        .formatted(directory))
                        .loadsWell()
                        .targets()
                        .getFirst();

        assertThat(target.provider()).isEqualTo(new Provider.Custom(Provider.BaseFormat.OPENAI));
        assertThat(target.baseUrl()).isEqualTo(URI.create("http://127.0.0.1:9000/mlflow"));
        assertThat(target.credential()).isEqualTo(new Credential.Keyless());
        assertThat(target.models()).isEqualTo(new ModelSelection.None());
        assertThat(target.extraHeaders())
                .extracting(header -> header.name() + ": " + shown(header.value()))
                .containsExactly(
                        "authorization: Bearer a-token-of-decent-length",
                        "x-team: research",
                        "x-token: a-token-of-decent-length",
                        "anthropic-beta: prompt-caching-2024-07-31");
    }

    @Test
    void openAiNeedsNoAddressAndForgivesTheVersionInIt() {
        var operator =
                operator()
                        .policy(
                                "p.yaml",
                                """
                                providers:
                                  targets:
                                    - {id: a, provider: openai, secret_key_ref: {env: TOKEN}}
                                    - {id: b, provider: openai, secret_key_ref: {env: TOKEN}, base_url: "https://eu.api.openai.com/v1"}
                                """);

        assertThat(operator.loadsWell().targets())
                .extracting(TargetConfig::baseUrl)
                .containsExactly(
                        URI.create("https://api.openai.com"),
                        URI.create("https://eu.api.openai.com"));
        assertThat(operator.warnings())
                .containsExactly(
                        "p.yaml:4:73: providers.targets[1].base_url: what stands before /v1 is meant;"
                                + " read as 'https://eu.api.openai.com'");
    }

    @Test
    void aVirtualKeyWithoutPatternsOpensNothing() {
        var operator =
                operator()
                        .with("OTHER", "short")
                        .policy(
                                "p.yaml",
                                """
                                providers: {targets: [{id: main, provider: openai, secret_key_ref: {env: TOKEN}}]}
                                governance:
                                  virtual_keys:
                                    - {id: closed, key: {env: TOKEN}}
                                    - {id: open, key: {env: OTHER}, models: [gpt-*, "main/*", "mian/*"]}
                                """);

        var keys = operator.loadsWell().virtualKeys();
        assertThat(keys.getFirst().level().terms().models()).isNull();
        assertThat(models(keys.getLast()).patterns()).containsExactly("gpt-*", "main/*", "mian/*");
        assertThat(operator.warnings())
                .satisfiesExactly(
                        a -> assertThat(a).contains("[0].models", "no model at all"),
                        b -> assertThat(b).contains("[1].key", "may be guessed"),
                        c -> assertThat(c).contains("[1].models", "did you mean 'main'?"));
    }

    @Test
    void laterFilesWinPerObjectAndPerSetting() {
        var configuration =
                operator()
                        .policy(
                                "base.yaml",
                                """
                                pack: {name: base, version: 1.0.0}
                                server: {listen: "0.0.0.0:80", drain_seconds: 5}
                                providers:
                                  targets:
                                    - {id: a, provider: openai, secret_key_ref: {env: NOT_SET_HERE}, timeout_seconds: 7}
                                    - {id: b, provider: openai, secret_key_ref: {env: TOKEN}}
                                """)
                        .policy(
                                "here.yaml",
                                """
                                pack: {name: here}
                                server: {listen: "127.0.0.1:0"}
                                providers:
                                  targets:
                                    - {id: c, provider: openai, secret_key_ref: {env: TOKEN}}
                                    - {id: a, provider: openai, secret_key_ref: {env: TOKEN}}
                                """)
                        .loadsWell();

        assertThat(configuration.pack()).isEqualTo(new PackConfig("here", "1.0.0", true));
        assertThat(configuration.server().listen())
                .isEqualTo(new ServerConfig.ListenAddress("127.0.0.1", 0));
        assertThat(configuration.server().drain()).isEqualTo(Duration.ofSeconds(5));
        assertThat(configuration.targets())
                .extracting(TargetConfig::id)
                .containsExactly("a", "b", "c");
        assertThat(configuration.targets().getFirst().deadlines().total())
                .isEqualTo(Duration.ofSeconds(290));
    }

    @Test
    void aDisabledPackLeavesItsFileOut() {
        var operator =
                operator()
                        .policy("on.yaml", "ledger: {queue: 5}")
                        .policy("off.yaml", "pack: {enabled: false}\nledger: {queue: 6}\n");

        assertThat(operator.loadsWell().ledger().queue()).isEqualTo(5);
        assertThat(operator.warnings())
                .anyMatch(warning -> warning.startsWith("off.yaml:1:17: pack"));
    }

    @Test
    void theListenerAndTheLedgerAreReadWhole() {
        var configuration =
                operator()
                        .writes("chain.pem", "-----BEGIN CERTIFICATE-----")
                        .writes("key.pem", "-----BEGIN PRIVATE KEY-----")
                        .policy(
                                "p.yaml",
                                """
                                server:
                                  listen: "[::1]:8443"
                                  tls: {certificate: "%1$s/chain.pem", key: "%1$s/key.pem"}
                                ledger: {path: "-", when_full: drop-and-count, max_file_mib: 1}
                                """
                                        .formatted(directory))
                        .loadsWell();

        assertThat(configuration.server().listen())
                .isEqualTo(new ServerConfig.ListenAddress("::1", 8443));
        assertThat(configuration.server().tls())
                .isInstanceOfSatisfying(
                        ServerConfig.Tls.Pem.class,
                        pem -> {
                            assertThat(pem.certificate().utf8()).contains("BEGIN CERTIFICATE");
                            assertThat(shown(pem.key())).contains("PRIVATE KEY");
                        });
        assertThat(configuration.ledger())
                .isEqualTo(
                        new LedgerConfig(
                                new LedgerConfig.Destination.StandardOutput(),
                                65_536,
                                LedgerConfig.WhenFull.DROP_AND_COUNT,
                                1024 * 1024,
                                8));
    }

    @Test
    void aGoodConfigurationPrintsNoSecret() {
        var loaded =
                operator()
                        .policy(
                                "p.yaml",
                                """
                                providers: {targets: [{id: a, provider: openai, secret_key_ref: {env: TOKEN}, extra_headers: {x: {template: "k ${TOKEN}"}}}]}
                                governance: {virtual_keys: [{id: k, key: {env: TOKEN}, models: ["*"]}]}
                                """)
                        .loads();

        assertThat(loaded).isInstanceOf(Loaded.Good.class);
        assertThat(loaded.toString()).doesNotContain("a-token-of-decent-length");
    }

    private static String shown(Secret secret) {
        return secret.<String>use(value -> value);
    }

    private Operator operator() {
        return new Operator(directory).with("TOKEN", "a-token-of-decent-length");
    }

    private static ModelPatterns models(VirtualKeyConfig key) {
        return java.util.Objects.requireNonNull(key.level().terms().models());
    }
}
