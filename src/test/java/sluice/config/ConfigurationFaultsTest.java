package sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is refused, and in which words.
class ConfigurationFaultsTest {
    @TempDir private Path directory;

    @Test
    void everyFaultIsToldInOneRunWithItsLineAndColumn() {
        var operator =
                operator()
                        .policy(
                                "p.yaml",
                                """
                                pack: {name: x, version: 1.0}
                                servr: {}
                                server: {listen: 8080, max_body_bytes: -1}
                                providers:
                                  targets:
                                    - {id: A, provider: databriks, base_url: "ftp://h", secret_key_ref: {env: MISSING}}
                                """);

        assertThat(operator.faults())
                .containsExactly(
                        "p.yaml:1:26: pack.version: expected a version such as 1.0.0, got the"
                                + " number 1.0; put it in quotes",
                        "p.yaml:2:1: servr: unknown key; did you mean 'server'?",
                        "p.yaml:3:18: server.listen: expected host:port, such as 127.0.0.1:8080,"
                                + " 0.0.0.0:8080 or [::1]:8080, got the number 8080; put it in quotes",
                        "p.yaml:3:40: server.max_body_bytes: expected a whole number from 1 to"
                                + " 1073741824, got the number -1",
                        "p.yaml:6:12: providers.targets[0].id: expected an id (1 to 64 of a-z, 0-9,"
                                + " '.', '_', '-', the first a letter or digit), got 'A'",
                        "p.yaml:6:25: providers.targets[0].provider: expected databricks,"
                                + " databricks:chat:<endpoint>, openai, anthropic or custom, got"
                                + " 'databriks'; did you mean 'databricks'?",
                        "p.yaml:6:46: providers.targets[0].base_url: must start with https:// (or"
                                + " http://), got 'ftp://h'",
                        "p.yaml:6:79: providers.targets[0].secret_key_ref.env: the environment"
                                + " variable 'MISSING' is not set; set it where the gateway starts");
    }

    @Test
    void aRoleThatIsNotDeclaredIsWarnedOf() {
        var operator =
                operator()
                        .policy(
                                "p.yaml",
                                """
                                policies: {chain: [rbac]}
                                policy: {rbac: {roles: {analyst: {allowed_models: ["*"]}}}}
                                governance:
                                  virtual_keys:
                                    - {id: a, key: {env: A_KEY}, models: ["*"], role: analist}
                                    - {id: b, key: {env: B_KEY}, models: ["*"], roles: [analyst, writer]}
                                """)
                        .with("A_KEY", "a-key-that-is-long-enough")
                        .with("B_KEY", "b-key-that-is-long-enough");

        assertThat(operator.warnings())
                .filteredOn(warning -> warning.contains("role"))
                .containsExactly(
                        "p.yaml:5:55: governance.virtual_keys[0].role: no role of rbac has the"
                                + " name 'analist', so it decides nothing; did you mean 'analyst'?",
                        "p.yaml:6:56: governance.virtual_keys[1].roles: no role of rbac has the"
                                + " name 'writer', so it decides nothing");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "policies: {chain: [dlp-filter]}",
                "policy: {pii-detector: {}}",
                "access: {}",
            })
    void aSectionThatIsNotBuiltYetIsRefusedAndNotIgnored(String yaml) {
        assertThat(operator().policy("p.yaml", yaml).faults())
                .singleElement()
                .asString()
                .contains("not supported yet");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "format: anthropic",
                "data_policy: {}",
                "secret_key_ref: {vault: secret/databricks}",
            })
    void aPartOfATargetThatIsNotBuiltYetIsRefused(String line) {
        assertThat(operator().policy("p.yaml", databricksWith(line)).faults())
                .singleElement()
                .asString()
                .contains("not supported yet");
    }

    @Test
    void anIdOrAKeyStandsOnlyOnce() {
        var operator =
                operator()
                        .policy(
                                "p.yaml",
                                """
                                ledger: {queue: 5, queue: 6}
                                providers:
                                  targets:
                                    - {id: a, provider: openai, secret_key_ref: {env: TOKEN}}
                                    - {id: a, provider: openai, secret_key_ref: {env: TOKEN}}
                                """);

        assertThat(operator.faults())
                .containsExactly(
                        "p.yaml:1:20: ledger.queue: the key stands twice, first in line 1; keep one"
                                + " of them",
                        "p.yaml:5:12: providers.targets[1].id: 'a' is already in line 4; each"
                                + " stands once");
    }

    @Test
    void aMergeKeyIsRefusedAsWhatItIs() {
        assertThat(operator().policy("p.yaml", "server: {<<: {drain_seconds: 5}}").faults())
                .singleElement()
                .asString()
                .contains("YAML 1.2 has no merge key");
    }

    @Test
    void twoVirtualKeysCannotHaveOneValue() {
        var operator =
                operator()
                        .policy(
                                "p.yaml",
                                """
                                governance:
                                  virtual_keys:
                                    - {id: a, key: {env: TOKEN}}
                                    - {id: b, key: {env: TOKEN}}
                                """);

        assertThat(operator.faults())
                .singleElement()
                .asString()
                .startsWith(
                        "p.yaml:4:7: governance.virtual_keys[1].key: has the same value as the key")
                .contains("'a'");
    }

    @Test
    void halfACredentialIsNone() {
        assertThat(target("provider: openai")).contains("secret_key_ref: missing");
        assertThat(target("provider: openai, keyless: true"))
                .contains("belongs to provider: custom");
        assertThat(target("provider: custom, base_format: openai, base_url: 'https://h'"))
                .contains("or keyless: true");
        assertThat(
                        target(
                                "provider: custom, base_format: openai, base_url: 'https://h',"
                                        + " keyless: false"))
                .contains("secret_key_ref: missing");
        assertThat(
                        target(
                                "provider: custom, base_format: openai, base_url: 'https://h',"
                                        + " keyless: true, secret_key_ref: {env: TOKEN}"))
                .contains("exclude each other");
        assertThat(
                        target(
                                "provider: openai, secret_key_ref: {env: TOKEN}, extra_headers:"
                                        + " {authorization: {env: TOKEN}}"))
                .contains("already sent from secret_key_ref");
    }

    @Test
    void aTargetHasTheKeysOfItsProviderOnly() {
        assertThat(target("provider: databricks, secret_key_ref: {env: TOKEN}"))
                .contains("base_url: missing");
        assertThat(target("provider: custom, keyless: true, base_url: 'https://h'"))
                .contains("base_format: missing");
        assertThat(target("provider: openai, secret_key_ref: {env: TOKEN}, surface: auto"))
                .contains("belongs to provider: databricks");
        assertThat(target("provider: openai, secret_key_ref: {env: TOKEN}, base_format: openai"))
                .contains("belongs to provider: custom");
    }

    @Test
    void aTargetWithOneModelHasNoOthers() {
        var chat =
                "provider: 'databricks:chat:a', base_url: 'https://h', secret_key_ref: {env:"
                        + " TOKEN}";

        assertThat(target(chat + ", model: b")).contains("model: the provider already names");
        assertThat(target(chat + ", models: ['*']")).contains("exactly one model already");
        assertThat(target("provider: openai, secret_key_ref: {env: TOKEN}, models: ['*', a]"))
                .contains("names without '*'");
        assertThat(target("provider: openai, secret_key_ref: {env: TOKEN}, models: [a, a]"))
                .contains("each stands once");
        assertThat(target("provider: openai, secret_key_ref: {env: TOKEN}, model: 'gpt-*'"))
                .contains("one model's name without '*'");
        assertThat(target("provider: 'databricks:chat:*', secret_key_ref: {env: TOKEN}"))
                .contains("provider: expected databricks");
        assertThat(target("provider: 'databricks:chat:', secret_key_ref: {env: TOKEN}"))
                .contains("provider: expected databricks");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "h",
                "ftp://h",
                "https://",
                "https://u:hunter2@h",
                "https://hunter2@h",
                "https://h?token=hunter2",
                "https://h#hunter2",
                "https://h:99999",
                "https://h/other",
                "https://h/serving-endpoints/x",
                "https://h/../x",
                "https://h//x",
                "https:///x",
                "https://h/a b",
                "https://[::1",
            })
    void anAddressThatIsNotAWorkspaceIsRefusedWithoutItsSecrets(String url) {
        assertThat(
                        target(
                                "provider: databricks, secret_key_ref: {env: TOKEN}, base_url: '%s'"
                                        .formatted(url)))
                .contains("base_url: ")
                .doesNotContain("hunter2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "server: {max_body_bytes: 0}",
                "server: {max_body_bytes: 99999999999999999999}",
                "server: {max_header_bytes: -5}",
                "server: {event_loops: -1}",
                "server: {drain_seconds: 1.5}",
                "server: {idle_timeout_seconds: '10'}",
                "server: {head_timeout_seconds: 1e3}",
                "server: {max_connections: 0x10}",
                "server: {max_connections: }",
                "server: {listen: 'h:70000'}",
                "server: {listen: ':8080'}",
                "server: []",
                "server: ",
                "ledger: {queue: true}",
                "ledger: {when_full: [block]}",
                "ledger: {path: ''}",
                "pack: {enabled: yes}",
                "providers: {targets: {}}",
                "providers: {targets: [a]}",
                "governance: {virtual_keys: hello}",
            })
    void aValueOfTheWrongTypeOrSizeIsRefused(String yaml) {
        assertThat(operator().policy("p.yaml", yaml).faults())
                .singleElement()
                .asString()
                .contains("expected ");
    }

    @Test
    void aDeadlineInsideACallIsNotLongerThanTheCall() {
        assertThat(
                        target(
                                "provider: openai, secret_key_ref: {env: TOKEN}, timeout_seconds:"
                                        + " 5, idle_timeout_seconds: 6"))
                .contains("expected at most timeout_seconds, which is 5, got 6");
    }

    @Test
    void aSecretThatCannotBeFetchedIsRefused() throws IOException {
        var operator = operator().with("EMPTY", "").with("TWO_LINES", "a\nx-evil: b");
        operator.writes("empty", "\n").writes("large", "x".repeat(70_000));
        operator.policy(
                "p.yaml",
                """
                governance:
                  virtual_keys:
                    - {id: a, key: {env: EMPTY}}
                    - {id: b, key: {env: TWO_LINES}}
                    - {id: c, key: {env: "not a name"}}
                    - {id: d, key: {file: "%1$s/missing"}}
                    - {id: e, key: {file: "%1$s/empty"}}
                    - {id: f, key: {file: "%1$s/large"}}
                    - {id: g, key: {file: "%1$s"}}
                    - {id: h, key: {env: A, file: b}}
                    - {id: i, key: {}}
                    - {id: j, key: {environment: TOKEN}}
                """
                        .formatted(directory));

        assertThat(operator.faults())
                .satisfiesExactly(
                        a -> assertThat(a).contains("[0].key.env", "'EMPTY' is empty"),
                        b -> assertThat(b).contains("[1].key.env", "one line of printable ASCII"),
                        c -> assertThat(c).contains("[2].key.env", "the name of an environment"),
                        d -> assertThat(d).contains("[3].key.file", "does not exist"),
                        e -> assertThat(e).contains("[4].key.file", "is empty"),
                        f ->
                                assertThat(f)
                                        .contains("[5].key.file", "larger than the limit of 65536"),
                        g -> assertThat(g).contains("[6].key.file", "is not a regular file"),
                        h ->
                                assertThat(h)
                                        .contains("[7].key", "either {env: NAME} or {file: path}"),
                        i ->
                                assertThat(i)
                                        .contains("[8].key", "either {env: NAME} or {file: path}"),
                        j -> assertThat(j).contains("[9].key.environment", "{env: NAME}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Key: sk-abcdefghijklmnop",
                "X-Key: dapi0123456789abcdef0123456789abcdef",
                "Authorization: Bearer hunter2hunter2",
                "X-Key: k9Jd82hBs61LmQ04xZpW",
                "Authorization: {template: 'Bearer dapi0123456789abcdef ${TOKEN}'}",
                "Authorization: {template: 'Bearer no variable'}",
                "Authorization: {template: 'Bearer ${TOKEN'}",
                "Authorization: {template: 'Bearer ${MISSING}'}",
                "Authorization: {template: 'Bearer ${a b}'}",
                "Host: elsewhere",
                "content-length: '5'",
                "Transfer-Encoding: chunked",
                "Connection: close",
                "'x y': z",
                "\"x\\r\\ny\": z",
                "X-A: \"a\\r\\nb: c\"",
                "X-A: ''",
                "X-A: 5",
                "X-A: [a]",
                "X-A: {envv: TOKEN}",
                "'': a",
            })
    void anExtraHeaderThatCouldLeakOrSplitARequestIsRefused(String header) {
        assertThat(
                        target(
                                "provider: openai, secret_key_ref: {env: TOKEN}, extra_headers: {%s}"
                                        .formatted(header)))
                .contains("providers.targets[0].extra_headers")
                .doesNotContain("dapi0123", "k9Jd82", "hunter2", "sk-abc");
    }

    @Test
    void halfOfTlsIsRefusedAndSoAreFilesThatAreNotPem() {
        var operator =
                operator()
                        .writes("not.pem", "hello")
                        .writes("locked.pem", "-----BEGIN ENCRYPTED PRIVATE KEY-----");
        operator.policy(
                "p.yaml",
                "server: {tls: {certificate: '%1$s/not.pem', key: '%1$s/locked.pem'}}"
                        .formatted(directory));

        assertThat(operator.faults())
                .satisfiesExactly(
                        a -> assertThat(a).contains("tls.certificate", "is not a PEM file"),
                        b -> assertThat(b).contains("tls.key", "is encrypted"));
        assertThat(operator().policy("p.yaml", "server: {tls: {certificate: /nope}}").faults())
                .singleElement()
                .asString()
                .contains("tls.key", "missing");
        assertThat(
                        operator()
                                .policy("p.yaml", "server: {tls: {certificate: /n, key: /m}}")
                                .faults())
                .hasSize(2)
                .allMatch(fault -> fault.contains("does not exist"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "# only a comment",
                "- a list",
                "text",
                "a: b\n---\nc: d",
                "a: 'unclosed",
                "a: b: c",
                "\tb: c",
                "a: *nowhere",
                "a: &a [*a]",
                "a: !java.lang.Object {}",
                "a: !!binary aGVsbG8=",
                "? {a: b}\n: c",
                "a: \u0007",
            })
    void aFileThatIsNotOneYamlMappingIsRefused(String yaml) {
        assertThat(operator().policy("p.yaml", yaml).faults())
                .isNotEmpty()
                .allMatch(fault -> fault.startsWith("p.yaml:"));
    }

    @Test
    void bytesThatAreNotUtf8AreRefusedWhereTheyStand() throws IOException {
        var operator = operator().policy("p.yaml", "");
        Files.write(
                operator.path("p.yaml"), "pack: {}\n# Grü\n".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(operator.faults())
                .containsExactly(
                        "p.yaml:2:5: not UTF-8: the byte 0xFC does not belong here; save the file"
                                + " as UTF-8");
    }

    @Test
    void aFileHasLimits() {
        assertThat(operator().policy("p.yaml", "#".repeat(1024 * 1024 + 1)).faults())
                .containsExactly("p.yaml:1:1: the file is larger than the limit of 1048576 bytes");
        assertThat(operator().policy("p.yaml", "a: " + "[".repeat(100_000)).faults())
                .singleElement()
                .asString()
                .contains("nested deeper than 32 levels");
        var bomb = new StringBuilder("a: &a [x, x, x, x, x, x, x, x, x]\n");
        for (char name = 'b'; name < 'k'; name++) {
            char before = (char) (name - 1);
            bomb.append(name).append(": &").append(name).append(" [");
            bomb.append(("*" + before + ",").repeat(9)).append("]\n");
        }
        assertThat(operator().policy("p.yaml", bomb.toString()).faults())
                .singleElement()
                .asString()
                .contains("more than 100000 values");
    }

    @Test
    void aFileThatCannotBeReadIsToldApartFromAFaultyOne() throws IOException {
        var operator = operator().policy("p.yaml", "servr: {}").policy("q.yaml", "");
        Files.delete(operator.path("q.yaml"));

        assertThat(operator.loads()).isInstanceOf(Loaded.Unreadable.class);
        assertThat(operator.faults())
                .containsExactly(
                        "q.yaml: the file does not exist",
                        "p.yaml:1:1: servr: unknown key; did you mean 'server'?");
    }

    @Test
    void noSecretIsEverPrinted() {
        var operator =
                operator()
                        .with("ANOTHER", "zebra-crossing-47")
                        .policy(
                                "p.yaml",
                                """
                                dapi0123456789abcdef0123456789abcdef: {}
                                providers:
                                  targets:
                                    - id: sk-proj-zebra-crossing-47
                                      provider: dapi0123456789abcdef0123456789abcdef
                                      secret_key_ref: zebra-crossing-47
                                      base_url: https://zebra-crossing-47@h/?zebra-crossing-47#zebra-crossing-47
                                      extra_headers: {Authorization: Bearer zebra-crossing-47}
                                    - id: a
                                      provider: openai
                                      secret_key_ref: {zebra: zebra-crossing-47}
                                      auth: zebra-crossing-47
                                governance:
                                  virtual_keys:
                                    - zebra-crossing-47
                                    - {id: a, key: zebra-crossing-47}
                                    - {id: b, key: {env: ANOTHER}, models: [1]}
                                    - {id: b, key: {literal: zebra-crossing-47}}
                                """);

        assertThat(operator.faults()).hasSizeGreaterThan(10);
        assertThat(operator.loads().toString())
                .doesNotContain("zebra-crossing-47", "dapi0123456789abcdef");
    }

    /// The one fault of a single target with these fields.
    private String target(String fields) {
        var faults =
                operator()
                        .policy("p.yaml", "providers: {targets: [{id: t, %s}]}".formatted(fields))
                        .faults();
        assertThat(faults).isNotEmpty();
        return String.join("\n", faults);
    }

    private Operator operator() {
        return new Operator(directory).with("TOKEN", "a-token-of-decent-length");
    }

    /// A good Databricks target in which one line stands in place of its like, or is added.
    private static String databricksWith(String line) {
        var name = line.substring(0, line.indexOf(':'));
        var yaml = new StringBuilder("providers:\n  targets:\n    - id: t\n");
        for (var good :
                new String[] {
                    "provider: databricks", "base_url: https://h", "secret_key_ref: {env: TOKEN}"
                }) {
            if (!good.startsWith(name + ":")) {
                yaml.append("      ").append(good).append('\n');
            }
        }
        return yaml.append("      ").append(line).append('\n').toString();
    }
}
