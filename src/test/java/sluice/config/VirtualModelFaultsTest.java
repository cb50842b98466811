package sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.call.Bytes;
import sluice.call.ModelName;
import sluice.config.RoutingConfig.Strategy;

/// What a virtual model may not be: each is refused with its line and the reason.
class VirtualModelFaultsTest {
    private static final String TARGETS =
            """
            providers:
              targets:
                - {id: main, provider: databricks, base_url: "https://a.example", secret_key_ref: {env: TOKEN}}
                - {id: named, provider: openai, secret_key_ref: {env: TOKEN}, models: [gpt-5.2]}
                - {id: nothing, provider: openai, secret_key_ref: {env: TOKEN}, models: []}
                - {id: vectors, provider: custom, base_format: openai, base_url: "https://b.example",
                   keyless: true, allowed_requests: [embeddings]}
                - {id: chats, provider: custom, base_format: openai, base_url: "https://c.example",
                   keyless: true, allowed_requests: [chat, chat_stream]}
            """;

    @TempDir private Path directory = Path.of("");

    private Operator operator(String virtual) {
        return new Operator(directory)
                .with("TOKEN", "a-token-of-decent-length")
                .policy("p.yaml", TARGETS + virtual);
    }

    private static String routed(String name, String type, String more, String... targets) {
        var text =
                new StringBuilder(
                        """
                        virtual_models:
                          - name: %s
                            routing_config:
                              type: %s-based-routing
                        %s\
                              load_balance_targets:
                        """
                                .formatted(
                                        name, type, more.isEmpty() ? "" : "      " + more + "\n"));
        for (var target : targets) {
            text.append("        - {").append(target).append("}\n");
        }
        return text.toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "weight | target: main/a, weight: -1 | | weight: expected a whole number from 0 to 1000000, got the number -1",
                "weight | target: main/a, weight: 0 | target: main/b, weight: 0 | all weights are 0",
                "weight | target: main/a | | 'weight' is missing",
                "weight | target: man/a, weight: 1 | | no target has the id 'man'; did you mean 'main'?",
                "weight | target: a, weight: 1 | | expected <target id>/<model>",
                "weight | target: \"main/*\", weight: 1 | | expected <target id>/<model>",
                "weight | target: named/gpt-5.1, weight: 1 | | does not serve 'gpt-5.1'; did you mean 'gpt-5.2'?",
                "weight | target: nothing/a, weight: 1 | | serves no model at all",
                "weight | target: assistant/a, weight: 1 | | is a virtual model; one cannot stand behind another",
                "weight | target: main/a, weight: 1 | target: main/a, weight: 2 | 'main/a' is already in line",
                "weight | target: main/a, weight: 1, priority: 1 | | belongs to priority-based-routing only",
                "weight | target: main/a, weight: 1, sla_cutoff: {time_to_first_token_ms: 5} | | belongs to priority-based-routing only",
                "priority | target: main/a | | 'priority' is missing",
                "priority | target: main/a, priority: 0, sla_cutoff: {} | | a cutoff needs",
                "priority | target: main/a, priority: 0, sla_cutoff: {time_to_first_token_ms: 0} | | expected more than 0",
                "latency | target: vectors/a | target: chats/b | takes no kind of request that 'vectors/a' takes too",
                "latency | target: main/a, retry_config: {attempts: 11} | | from 0 to 10",
                "latency | target: main/a, retry_config: {on_status_codes: [200]} | | from 400 to 599",
                "latency | target: main/a, override_params: {model: b} | | the gateway writes this field itself",
                "latency | target: main/a, override_params: {key: dapi0123456789abcdef} | | looks like a credential",
                "latency | target: main/a, override_params: {n: 0x10} | | a number as JSON writes it",
                "latency | target: main/a, headers_override: {set: {Authorization: x}} | | the target's credential is sent as 'authorization'",
                "latency | target: main/a, headers_override: {set: {Content-Length: \"1\"}} | | the gateway writes this header itself",
                "latency | target: main/a, headers_override: {set: {x-api-key: x}} | | the target's credential is sent as 'x-api-key'",
                "latency | target: main/a, headers_override: {set: {Host: x}} | | the gateway writes this header itself",
                "latency | target: main/a, headers_override: {remove: [Authorization]} | | the target's credential is sent as 'authorization'",
                "latency | target: main/a, headers_override: {remove: [Connection]} | | the gateway writes this header itself",
                "latency | target: main/a, headers_override: {remove: [\"a b\"]} | | the name of a header",
                "latency | target: main/a, metadata_match: {} | | a mapping of 1 to 64 names to texts",
                "latency | target: main/a, wieght: 1 | | did you mean 'weight'?",
            })
    void aTargetThatCannotBe(String type, String target, String other, String words) {
        var operator =
                other == null
                        ? operator(routed("assistant", type, "", target))
                        : operator(routed("assistant", type, "", target, other));

        assertThat(operator.faults())
                .anySatisfy(fault ->
                        assertThat(fault).contains("p.yaml:1", "virtual_models[0]", words));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "main | is a target's id already",
                "databricks | is a provider's name",
                "a/b | expected a virtual model's name",
                "\"a b\" | expected a virtual model's name",
            })
    void aNameThatCannotBe(String name, String words) {
        assertThat(operator(routed(name, "weight", "", "target: main/a, weight: 1")).faults())
                .anySatisfy(fault -> assertThat(fault).contains("name: ", words));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "latency | sticky_routing: {ttl_seconds: 5, session_identifiers: [{source: headers, key: x}]} | belongs to weight-based-routing only",
                "weight | sticky_routing: {ttl_seconds: 5, session_identifiers: []} | expected at least one",
                "weight | sticky_routing: {ttl_seconds: 5, session_identifiers: [{source: cookies, key: x}]} | expected headers or metadata",
                "weight | sticky_routing: {ttl_seconds: 5, session_identifiers: [{source: headers, key: Authorization}]} | is a credential",
                "weight | sla_cutoff: {time_to_first_token_ms: 5} | belongs to priority-based-routing only",
                "weight | timeout_seconds: 0 | from 1 to 86400",
                "round-robin | ^^ | expected weight-based-routing or priority-based-routing or latency-based-routing",
            })
    void aRoutingThatCannotBe(String type, String more, String words) {
        assertThat(operator(routed("assistant", type, more, "target: main/a, weight: 1")).faults())
                .anySatisfy(fault -> assertThat(fault).contains(words));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "weight: 1",
                "priority: 0",
                "sla_cutoff: {time_to_first_token_ms: 5}",
                "fallback_candidate: false",
                "override_params: {temperature: 0}",
                "headers_override: {remove: [x-a]}",
                "metadata_match: {tier: gold}",
            })
    void whatATargetDoesBehindAVirtualModelStandsThere(String line) {
        assertThat(targetWith(line))
                .singleElement()
                .asString()
                .startsWith("p.yaml:4:78: providers.targets[0]." + line.split(":", 2)[0])
                .endsWith("write it under virtual_models[].routing_config.load_balance_targets[]");
    }

    @Test
    void whatStandsInTheWrongSectionIsSentToItsOwn() {
        assertThat(targetWith("sticky_routing: {}"))
                .singleElement()
                .asString()
                .endsWith("write it under virtual_models[].routing_config");
        assertThat(operator("routing_config: {type: weight-based-routing}").faults())
                .singleElement()
                .asString()
                .contains("p.yaml:10:1: routing_config: belongs to a virtual model")
                .contains("virtual_models[]");
    }

    private List<String> targetWith(String line) {
        var yaml =
                """
                # a target is one for all the virtual models that it stands behind
                providers:
                  targets:
                    - {id: a, provider: openai, secret_key_ref: {env: TOKEN}, models: ["*"], %s}
                """
                        .formatted(line);
        return new Operator(directory)
                .with("TOKEN", "a-token-of-decent-length")
                .policy("p.yaml", yaml)
                .faults();
    }

    /// The issue's own case: who is too slow must have somewhere else to send calls.
    @Test
    void aSharedPriorityWithACutoffNeedsAnother() {
        var cutoff = "sla_cutoff: {time_per_output_token_ms: 50}";
        var twins = new String[] {"target: main/a, priority: 0", "target: main/b, priority: 0"};
        assertThat(operator(routed("assistant", "priority", cutoff, twins)).faults())
                .hasSize(2)
                .allSatisfy(fault ->
                        assertThat(fault).contains("shares its priority 0 and has an sla_cutoff"));
        assertThat(operator(routed("assistant", "priority", "", twins)).faults()).isEmpty();
        assertThat(
                        operator(
                                        routed(
                                                "assistant",
                                                "priority",
                                                cutoff,
                                                twins[0],
                                                twins[1],
                                                "target: main/c, priority: 1, fallback_candidate: false"))
                                .faults())
                .hasSize(2);
        assertThat(
                        operator(
                                        routed(
                                                "assistant",
                                                "priority",
                                                cutoff,
                                                twins[0],
                                                twins[1],
                                                "target: main/c, priority: 1"))
                                .faults())
                .isEmpty();
    }

    @Test
    void everyFaultOfAVirtualModelIsToldInOneRunWhereItStands() {
        var yaml =
                """
                providers:
                  targets:
                    - {id: main, provider: openai, secret_key_ref: {env: TOKEN}, models: [a]}
                    - {id: wrong, provider: opnai}
                virtual_models:
                  - name: main
                    routing_config:
                      type: weight-based-routing
                      load_balance_targets:
                        - weight: -1
                          target: main/a
                        - target: main/b
                          sla_cutoff: {time_to_first_token_ms: 5}
                        - weight: 2

                          target: wrong/c
                        - weight: 3
                          target: wrnog/c
                        - priority: 0
                          target: self/c
                  - routing_config: {type: latency-based-routing, load_balance_targets: []}
                    name: self
                governance:
                  virtual_keys:
                    - id: k
                      key: {env: TOKEN}
                      models: ["wrnog/*"]
                    - {id: m}
                """;
        var operator =
                new Operator(directory)
                        .with("TOKEN", "a-token-of-decent-length")
                        .policy("p.yaml", yaml);

        assertThat(operator.faults())
                .satisfiesExactly(
                        f -> assertThat(f).startsWith("p.yaml:4:29: providers.targets[1].provider"),
                        f -> assertThat(f).startsWith("p.yaml:6:11: virtual_models[0].name"),
                        f -> assertThat(f).startsWith("p.yaml:10:19:").contains("weight: expected"),
                        f -> assertThat(f).startsWith("p.yaml:12:11:").contains("'weight' is"),
                        f -> assertThat(f).startsWith("p.yaml:12:19:").contains("not serve 'b'"),
                        f -> assertThat(f).startsWith("p.yaml:13:23:").contains("belongs to"),
                        f -> assertThat(f).startsWith("p.yaml:18:19:").contains("mean 'wrong'"),
                        f -> assertThat(f).startsWith("p.yaml:19:11:").contains("'weight' is"),
                        f -> assertThat(f).startsWith("p.yaml:19:21:").contains("belongs to"),
                        f -> assertThat(f).startsWith("p.yaml:20:19:").contains("cannot stand"),
                        f -> assertThat(f).startsWith("p.yaml:21:").contains("at least one target"),
                        f -> assertThat(f).startsWith("p.yaml:28:7:").contains("'key' is missing"));
        assertThat(operator.warnings())
                .anySatisfy(w -> assertThat(w).startsWith("p.yaml:27:15:").contains("'wrong'"));
    }

    @Test
    void noTargetAtAll() {
        var yaml =
                """
                virtual_models:
                  - {name: a, routing_config: {type: weight-based-routing, load_balance_targets: []}}
                  - {name: a, routing_config: {type: weight-based-routing}}
                """;
        assertThat(operator(yaml).faults())
                .anyMatch(fault -> fault.contains("expected at least one target"))
                .anyMatch(fault -> fault.contains("'a' is already in line"))
                .anyMatch(fault -> fault.contains("'load_balance_targets' is missing"));
    }

    @Test
    void aPoolExcludesOtherCredentials() {
        var yaml =
                """
                providers:
                  targets:
                    - {id: a, provider: openai, secret_key_ref: {env: TOKEN}, credentials: [{id: x, secret_key_ref: {env: TOKEN}}]}
                    - {id: b, provider: openai, credentials: []}
                    - {id: c, provider: openai, credentials: [{id: x}, {id: x, secret_key_ref: {env: TOKEN}, weight: 0}]}
                    - {id: d, provider: openai, credentials: [{id: x, auth: {type: oauth-m2m, client_id: {env: TOKEN}, client_secret: {env: TOKEN}}}]}
                """;
        assertThat(
                        new Operator(directory)
                                .with("TOKEN", "a-token-of-decent-length")
                                .policy("p.yaml", yaml)
                                .faults())
                .anyMatch(fault -> fault.contains("targets[0]") && fault.contains("excluded by"))
                .anyMatch(fault -> fault.contains("targets[1]") && fault.contains("at least one"))
                .anyMatch(
                        fault -> fault.contains("targets[2]") && fault.contains("missing: secret"))
                .anyMatch(
                        fault -> fault.contains("targets[2]") && fault.contains("already in line"))
                .anyMatch(fault -> fault.contains("targets[2]") && fault.contains("from 1 to"))
                .anyMatch(fault -> fault.contains("targets[3]") && fault.contains("belongs to"));
    }

    @Test
    void aGoodOneIsReadWhole() {
        var model =
                operator(
                                routed(
                                        "assistant",
                                        "priority",
                                        "timeout_seconds: 60",
                                        "target: main/a/b, priority: 3, weight: 7, fallback_status_codes: [404],"
                                                + " override_params: {stop: [\"a\\\"b\"], n: 1.5, x: {y: null, z: yes}},"
                                                + " sla_cutoff: {time_per_output_token_ms: 12.5},"
                                                + " metadata_match: {tier: gold}"))
                        .loadsWell()
                        .virtualModels()
                        .getFirst();

        assertThat(model.name()).isEqualTo("assistant");
        var routing = model.routing();
        assertThat(routing.strategy()).isEqualTo(new Strategy.Priority(Optional.empty()));
        assertThat(routing.timeout()).contains(Duration.ofMinutes(1));
        assertThat(routing.contextWindow()).isTrue();
        assertThat(routing.contentPolicy()).isFalse();
        var target = routing.targets().getFirst();
        assertThat(target.model()).isEqualTo(new ModelName("main", "a/b"));
        assertThat(target.priority()).contains(3);
        assertThat(target.weight()).contains(7);
        assertThat(target.fallbackStatusCodes()).contains(Set.of(404));
        assertThat(target.sla().orElseThrow().timePerOutputToken())
                .contains(Duration.ofNanos(12_500_000));
        assertThat(target.metadataMatch()).containsEntry("tier", "gold");
        assertThat(target.overrideParams().values().stream().map(Bytes::utf8))
                .containsExactly("[\"a\\\"b\"]", "1.5", "{\"y\":null,\"z\":\"yes\"}");
    }

    /// The form of facts/forms.md section 4, under an entry.
    @Test
    void theFormThatPeopleBringIsTaken() {
        var yaml =
                """
                virtual_models:
                  - name: production-assistant
                    routing_config:
                      type: priority-based-routing      # weight-based-routing, latency-based-routing
                      load_balance_targets:
                        - {target: main/tuned-llama, priority: 0}
                        - {target: named/gpt-5.2, priority: 1}
                """;
        assertThat(operator(yaml).loadsWell().virtualModels()).hasSize(1);
    }

    @Test
    void aLaterFileReplacesAVirtualModelByItsName() {
        var later =
                """
                virtual_models:
                  - name: assistant
                    routing_config: {type: latency-based-routing, load_balance_targets: [{target: main/z}]}
                """;
        var models =
                new Operator(directory)
                        .with("TOKEN", "a-token-of-decent-length")
                        .policy(
                                "a.yaml",
                                TARGETS
                                        + routed(
                                                "assistant",
                                                "weight",
                                                "",
                                                "target: main/a, weight: 1"))
                        .policy("b.yaml", later)
                        .loadsWell()
                        .virtualModels();
        assertThat(models).hasSize(1);
        assertThat(models.getFirst().routing().strategy()).isInstanceOf(Strategy.Latency.class);
    }

    @Test
    void aNameThatHidesAModelIsWarnedAbout() {
        assertThat(
                        operator(
                                        routed(
                                                "gpt-5.2",
                                                "weight",
                                                "",
                                                "target: named/gpt-5.2, weight: 1"))
                                .warnings())
                .anyMatch(warning -> warning.contains("asked for as 'named/gpt-5.2' only"));
    }

    /// Every target names its models, so what is neither theirs nor a virtual model's is nobody's.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "assistent | neither a virtual model nor a target's model has the name 'assistent'; did you mean 'assistant'?",
                "gpt-5.1 | has the name 'gpt-5.1'; did you mean 'gpt-5.2'?",
                "llama | has the name 'llama', so the pattern permits nothing",
                "named | has the name 'named', so the pattern permits nothing",
                "nmaed/x | no target has the id 'nmaed'; did you mean 'named'?",
            })
    void aPatternThatPermitsNothingIsWarnedAbout(String pattern, String words) {
        assertThat(granting(pattern, "[gpt-5.2]"))
                .satisfiesExactly(
                        key -> assertThat(key).startsWith("p.yaml:11:40:").contains(words),
                        anonymous -> assertThat(anonymous).startsWith("p.yaml:12:23:"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"assistant", "gpt-5.2", "*", "assist*", "gpt-*", "named/*", "*/gpt-5.2"})
    void aPatternThatPermitsSomethingIsNot(String pattern) {
        assertThat(granting(pattern, "[gpt-5.2]")).isEmpty();
    }

    @Test
    void whatATargetMayListIsNotWarnedAboutUnlessItIsNearlyAVirtualModel() {
        assertThat(granting("llama", "['*']")).isEmpty();
        assertThat(granting("assistent", "['*']"))
                .hasSize(2)
                .allMatch(warning -> warning.contains("did you mean 'assistant'? It permits"));
    }

    private List<String> granting(String pattern, String models) {
        var yaml =
                """
                providers:
                  targets:
                    - {id: named, provider: openai, secret_key_ref: {env: TOKEN}, models: %s}
                virtual_models:
                  - name: assistant
                    routing_config:
                      type: latency-based-routing
                      load_balance_targets: [{target: named/gpt-5.2}]
                governance:
                  virtual_keys:
                    - {id: k, key: {env: KEY}, models: ["%s"]}
                  anonymous: {models: ["%s"]}
                """
                        .formatted(models, pattern, pattern);
        return new Operator(directory)
                .with("TOKEN", "a-token-of-decent-length")
                .with("KEY", "a-key-of-decent-length")
                .policy("p.yaml", yaml)
                .warnings();
    }
}
