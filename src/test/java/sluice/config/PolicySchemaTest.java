package sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PolicySchemaTest {
    private static final Path SHIPPED =
            Path.of("src/main/resources/sluice/policy-config.schema.json");

    /// Rewritten with {@code -Dgolden=accept}; the difference is then reviewed as code.
    @Test
    void theShippedSchemaIsTheOneThatTheTablesPrint() throws IOException {
        if ("accept".equals(System.getProperty("golden"))) {
            Files.createDirectories(SHIPPED.getParent());
            Files.writeString(SHIPPED, PolicySchema.text());
        }

        assertThat(Files.readString(SHIPPED)).isEqualTo(PolicySchema.text());
    }

    /// Every key and every default, so that a rename or a new number is noticed.
    @Test
    void theseAreAllTheKeysAndTheirDefaults() {
        var keys = new ArrayList<String>();
        list(JsonMapper.shared().readTree(PolicySchema.text()), "", keys);

        assertThat(String.join("\n", keys) + "\n")
                .isEqualTo(
                        """
                        pack.name = "sluice"
                        pack.version = "0.0.0"
                        pack.enabled = true
                        server.listen = "127.0.0.1:8080"
                        server.max_body_bytes = 67108864
                        server.max_header_bytes = 65536
                        server.head_timeout_seconds = 10
                        server.body_timeout_seconds = 300
                        server.idle_timeout_seconds = 120
                        server.max_connections = 10000
                        server.keep_alive_comment_seconds = 15
                        server.drain_seconds = 30
                        server.event_loops = 0
                        server.tls.certificate
                        server.tls.key
                        ledger.path = "./data/ledger.jsonl"
                        ledger.queue = 65536
                        ledger.when_full = "block"
                        ledger.max_file_mib = 256
                        ledger.max_files = 8
                        providers.targets[].id required
                        providers.targets[].provider required
                        providers.targets[].model
                        providers.targets[].models = ["*"]
                        providers.targets[].format = "openai"
                        providers.targets[].base_format
                        providers.targets[].base_url
                        providers.targets[].surface = "auto"
                        providers.targets[].secret_key_ref
                        providers.targets[].auth.type required
                        providers.targets[].auth.client_id
                        providers.targets[].auth.client_secret
                        providers.targets[].auth.token_file
                        providers.targets[].auth.token_env
                        providers.targets[].auth.profile
                        providers.targets[].keyless = false
                        providers.targets[].extra_headers
                        providers.targets[].timeout_seconds = 290
                        providers.targets[].connect_timeout_seconds = 10
                        providers.targets[].first_byte_timeout_seconds
                        providers.targets[].idle_timeout_seconds = 120
                        providers.targets[].max_response_bytes = 67108864
                        providers.targets[].max_connections = 4096
                        providers.targets[].schemas = []
                        providers.targets[].allowed_requests
                        providers.targets[].request_paths.chat
                        providers.targets[].request_paths.chat_stream
                        providers.targets[].request_paths.responses
                        providers.targets[].request_paths.responses_stream
                        providers.targets[].request_paths.completions
                        providers.targets[].request_paths.embeddings
                        providers.targets[].request_paths.messages
                        providers.targets[].request_paths.messages_stream
                        providers.targets[].request_paths.count_tokens
                        providers.targets[].request_paths.list_models
                        providers.targets[].pricing
                        providers.targets[].credentials[].id required
                        providers.targets[].credentials[].secret_key_ref
                        providers.targets[].credentials[].auth.type required
                        providers.targets[].credentials[].auth.client_id
                        providers.targets[].credentials[].auth.client_secret
                        providers.targets[].credentials[].auth.token_file
                        providers.targets[].credentials[].auth.token_env
                        providers.targets[].credentials[].auth.profile
                        providers.targets[].credentials[].weight = 1
                        providers.targets[].credentials[].models = ["*"]
                        providers.targets[].retry_config.attempts = 2
                        providers.targets[].retry_config.delay_ms = 100
                        providers.targets[].retry_config.on_status_codes = [429,500,502,503]
                        providers.targets[].fallback_status_codes = [401,403,404,429,500,502,503]
                        providers.targets[].health_probe.path required
                        providers.targets[].health_probe.interval_seconds = 30
                        providers.discovery_interval_seconds = 300
                        virtual_models[].name required
                        virtual_models[].routing_config.type required
                        virtual_models[].routing_config.sticky_routing.ttl_seconds required
                        virtual_models[].routing_config.sticky_routing.session_identifiers[].source required
                        virtual_models[].routing_config.sticky_routing.session_identifiers[].key required
                        virtual_models[].routing_config.sla_cutoff.time_per_output_token_ms
                        virtual_models[].routing_config.sla_cutoff.time_to_first_token_ms
                        virtual_models[].routing_config.timeout_seconds
                        virtual_models[].routing_config.fallback_on.context_window = true
                        virtual_models[].routing_config.fallback_on.content_policy = false
                        virtual_models[].routing_config.load_balance_targets[].target required
                        virtual_models[].routing_config.load_balance_targets[].weight
                        virtual_models[].routing_config.load_balance_targets[].priority
                        virtual_models[].routing_config.load_balance_targets[].sla_cutoff.time_per_output_token_ms
                        virtual_models[].routing_config.load_balance_targets[].sla_cutoff.time_to_first_token_ms
                        virtual_models[].routing_config.load_balance_targets[].retry_config.attempts = 2
                        virtual_models[].routing_config.load_balance_targets[].retry_config.delay_ms = 100
                        virtual_models[].routing_config.load_balance_targets[].retry_config.on_status_codes = [429,500,502,503]
                        virtual_models[].routing_config.load_balance_targets[].fallback_status_codes
                        virtual_models[].routing_config.load_balance_targets[].fallback_candidate = true
                        virtual_models[].routing_config.load_balance_targets[].override_params
                        virtual_models[].routing_config.load_balance_targets[].headers_override.remove = []
                        virtual_models[].routing_config.load_balance_targets[].headers_override.set
                        virtual_models[].routing_config.load_balance_targets[].metadata_match
                        governance.virtual_keys[].id required
                        governance.virtual_keys[].key required
                        governance.virtual_keys[].models = []
                        governance.anonymous.models = []
                        model_book
                        request_fields
                        compatibility = []
                        admin.key
                        """);
    }

    /// The same defaults as the records that stations receive.
    @Test
    void theseAreTheDefaultsAsRecords() {
        assertThat(Configuration.defaults())
                .isEqualTo(
                        new Configuration(
                                new PackConfig("sluice", "0.0.0", true),
                                new ServerConfig(
                                        new ServerConfig.ListenAddress("127.0.0.1", 8080),
                                        64L * 1024 * 1024,
                                        64 * 1024,
                                        Duration.ofSeconds(10),
                                        Duration.ofSeconds(300),
                                        Duration.ofSeconds(120),
                                        10_000,
                                        Duration.ofSeconds(15),
                                        Duration.ofSeconds(30),
                                        0,
                                        new ServerConfig.Tls.Off()),
                                new LedgerConfig(
                                        new LedgerConfig.Destination.File(
                                                Path.of("./data/ledger.jsonl")),
                                        65_536,
                                        LedgerConfig.WhenFull.BLOCK,
                                        256L * 1024 * 1024,
                                        8),
                                List.of(),
                                Duration.ofMinutes(5),
                                List.of(),
                                Optional.empty(),
                                ModelBookConfig.builtIn(),
                                Optional.empty(),
                                List.of(),
                                Set.of(),
                                new AdminConfig(Optional.empty())));
    }

    private static void list(JsonNode schema, String path, List<String> keys) {
        var required = schema.path("required").valueStream().map(JsonNode::asString).toList();
        for (var key : schema.get("properties").properties()) {
            var value = key.getValue();
            var name = path + key.getKey();
            if (value.path("items").has("properties")) {
                list(value.get("items"), name + "[].", keys);
            } else if (value.has("properties")) {
                list(value, name + ".", keys);
            } else {
                keys.add(
                        name
                                + (value.has("default") ? " = " + value.get("default") : "")
                                + (required.contains(key.getKey()) ? " required" : ""));
            }
        }
    }
}
