package sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import sluice.call.Allowance;
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
                        server.workers = 0
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
                        providers.targets[].auth.discovery.secret_key_ref
                        providers.targets[].auth.discovery.client_id
                        providers.targets[].auth.discovery.client_secret
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
                        providers.targets[].credentials[].auth.discovery.secret_key_ref
                        providers.targets[].credentials[].auth.discovery.client_id
                        providers.targets[].credentials[].auth.discovery.client_secret
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
                        governance.organisation.models
                        governance.organisation.request_types
                        governance.organisation.max_tokens_per_request
                        governance.organisation.allowed_hours.days = ["mon","tue","wed","thu","fri","sat","sun"]
                        governance.organisation.allowed_hours.from = "00:00"
                        governance.organisation.allowed_hours.until = "00:00"
                        governance.organisation.allowed_hours.time_zone = "UTC"
                        governance.organisation.budget.limit_usd
                        governance.organisation.budget.limit_tokens
                        governance.organisation.budget.every required
                        governance.organisation.budget.rolling = false
                        governance.organisation.budget.time_zone = "UTC"
                        governance.organisation.budget.models
                        governance.organisation.budget.thresholds_percent = [75,90,95,100]
                        governance.organisation.budget.mode = "enforce"
                        governance.organisation.budget.unpriced_models = "refuse"
                        governance.organisation.budget.raise.limit_usd
                        governance.organisation.budget.raise.limit_tokens
                        governance.organisation.budget.raise.until required
                        governance.organisation.budget.raise.reason required
                        governance.organisation.budgets[].limit_usd
                        governance.organisation.budgets[].limit_tokens
                        governance.organisation.budgets[].every required
                        governance.organisation.budgets[].rolling = false
                        governance.organisation.budgets[].time_zone = "UTC"
                        governance.organisation.budgets[].models
                        governance.organisation.budgets[].thresholds_percent = [75,90,95,100]
                        governance.organisation.budgets[].mode = "enforce"
                        governance.organisation.budgets[].unpriced_models = "refuse"
                        governance.organisation.budgets[].raise.limit_usd
                        governance.organisation.budgets[].raise.limit_tokens
                        governance.organisation.budgets[].raise.until required
                        governance.organisation.budgets[].raise.reason required
                        governance.organisation.rate_limits[].limit required
                        governance.organisation.rate_limits[].unit required
                        governance.organisation.rate_limits[].per
                        governance.organisation.rate_limits[].models
                        governance.customers[].id required
                        governance.customers[].models
                        governance.customers[].request_types
                        governance.customers[].max_tokens_per_request
                        governance.customers[].allowed_hours.days = ["mon","tue","wed","thu","fri","sat","sun"]
                        governance.customers[].allowed_hours.from = "00:00"
                        governance.customers[].allowed_hours.until = "00:00"
                        governance.customers[].allowed_hours.time_zone = "UTC"
                        governance.customers[].budget.limit_usd
                        governance.customers[].budget.limit_tokens
                        governance.customers[].budget.every required
                        governance.customers[].budget.rolling = false
                        governance.customers[].budget.time_zone = "UTC"
                        governance.customers[].budget.models
                        governance.customers[].budget.thresholds_percent = [75,90,95,100]
                        governance.customers[].budget.mode = "enforce"
                        governance.customers[].budget.unpriced_models = "refuse"
                        governance.customers[].budget.raise.limit_usd
                        governance.customers[].budget.raise.limit_tokens
                        governance.customers[].budget.raise.until required
                        governance.customers[].budget.raise.reason required
                        governance.customers[].budgets[].limit_usd
                        governance.customers[].budgets[].limit_tokens
                        governance.customers[].budgets[].every required
                        governance.customers[].budgets[].rolling = false
                        governance.customers[].budgets[].time_zone = "UTC"
                        governance.customers[].budgets[].models
                        governance.customers[].budgets[].thresholds_percent = [75,90,95,100]
                        governance.customers[].budgets[].mode = "enforce"
                        governance.customers[].budgets[].unpriced_models = "refuse"
                        governance.customers[].budgets[].raise.limit_usd
                        governance.customers[].budgets[].raise.limit_tokens
                        governance.customers[].budgets[].raise.until required
                        governance.customers[].budgets[].raise.reason required
                        governance.customers[].rate_limits[].limit required
                        governance.customers[].rate_limits[].unit required
                        governance.customers[].rate_limits[].per
                        governance.customers[].rate_limits[].models
                        governance.teams[].id required
                        governance.teams[].customer
                        governance.teams[].models
                        governance.teams[].request_types
                        governance.teams[].max_tokens_per_request
                        governance.teams[].allowed_hours.days = ["mon","tue","wed","thu","fri","sat","sun"]
                        governance.teams[].allowed_hours.from = "00:00"
                        governance.teams[].allowed_hours.until = "00:00"
                        governance.teams[].allowed_hours.time_zone = "UTC"
                        governance.teams[].budget.limit_usd
                        governance.teams[].budget.limit_tokens
                        governance.teams[].budget.every required
                        governance.teams[].budget.rolling = false
                        governance.teams[].budget.time_zone = "UTC"
                        governance.teams[].budget.models
                        governance.teams[].budget.thresholds_percent = [75,90,95,100]
                        governance.teams[].budget.mode = "enforce"
                        governance.teams[].budget.unpriced_models = "refuse"
                        governance.teams[].budget.raise.limit_usd
                        governance.teams[].budget.raise.limit_tokens
                        governance.teams[].budget.raise.until required
                        governance.teams[].budget.raise.reason required
                        governance.teams[].budgets[].limit_usd
                        governance.teams[].budgets[].limit_tokens
                        governance.teams[].budgets[].every required
                        governance.teams[].budgets[].rolling = false
                        governance.teams[].budgets[].time_zone = "UTC"
                        governance.teams[].budgets[].models
                        governance.teams[].budgets[].thresholds_percent = [75,90,95,100]
                        governance.teams[].budgets[].mode = "enforce"
                        governance.teams[].budgets[].unpriced_models = "refuse"
                        governance.teams[].budgets[].raise.limit_usd
                        governance.teams[].budgets[].raise.limit_tokens
                        governance.teams[].budgets[].raise.until required
                        governance.teams[].budgets[].raise.reason required
                        governance.teams[].rate_limits[].limit required
                        governance.teams[].rate_limits[].unit required
                        governance.teams[].rate_limits[].per
                        governance.teams[].rate_limits[].models
                        governance.users[].id required
                        governance.users[].team
                        governance.users[].models
                        governance.users[].request_types
                        governance.users[].max_tokens_per_request
                        governance.users[].allowed_hours.days = ["mon","tue","wed","thu","fri","sat","sun"]
                        governance.users[].allowed_hours.from = "00:00"
                        governance.users[].allowed_hours.until = "00:00"
                        governance.users[].allowed_hours.time_zone = "UTC"
                        governance.users[].budget.limit_usd
                        governance.users[].budget.limit_tokens
                        governance.users[].budget.every required
                        governance.users[].budget.rolling = false
                        governance.users[].budget.time_zone = "UTC"
                        governance.users[].budget.models
                        governance.users[].budget.thresholds_percent = [75,90,95,100]
                        governance.users[].budget.mode = "enforce"
                        governance.users[].budget.unpriced_models = "refuse"
                        governance.users[].budget.raise.limit_usd
                        governance.users[].budget.raise.limit_tokens
                        governance.users[].budget.raise.until required
                        governance.users[].budget.raise.reason required
                        governance.users[].budgets[].limit_usd
                        governance.users[].budgets[].limit_tokens
                        governance.users[].budgets[].every required
                        governance.users[].budgets[].rolling = false
                        governance.users[].budgets[].time_zone = "UTC"
                        governance.users[].budgets[].models
                        governance.users[].budgets[].thresholds_percent = [75,90,95,100]
                        governance.users[].budgets[].mode = "enforce"
                        governance.users[].budgets[].unpriced_models = "refuse"
                        governance.users[].budgets[].raise.limit_usd
                        governance.users[].budgets[].raise.limit_tokens
                        governance.users[].budgets[].raise.until required
                        governance.users[].budgets[].raise.reason required
                        governance.users[].rate_limits[].limit required
                        governance.users[].rate_limits[].unit required
                        governance.users[].rate_limits[].per
                        governance.users[].rate_limits[].models
                        governance.virtual_keys[].id required
                        governance.virtual_keys[].key required
                        governance.virtual_keys[].team
                        governance.virtual_keys[].customer
                        governance.virtual_keys[].user
                        governance.virtual_keys[].role
                        governance.virtual_keys[].roles = []
                        governance.virtual_keys[].metadata
                        governance.virtual_keys[].expires_at
                        governance.virtual_keys[].disabled = false
                        governance.virtual_keys[].models
                        governance.virtual_keys[].request_types
                        governance.virtual_keys[].max_tokens_per_request
                        governance.virtual_keys[].allowed_hours.days = ["mon","tue","wed","thu","fri","sat","sun"]
                        governance.virtual_keys[].allowed_hours.from = "00:00"
                        governance.virtual_keys[].allowed_hours.until = "00:00"
                        governance.virtual_keys[].allowed_hours.time_zone = "UTC"
                        governance.virtual_keys[].budget.limit_usd
                        governance.virtual_keys[].budget.limit_tokens
                        governance.virtual_keys[].budget.every required
                        governance.virtual_keys[].budget.rolling = false
                        governance.virtual_keys[].budget.time_zone = "UTC"
                        governance.virtual_keys[].budget.models
                        governance.virtual_keys[].budget.thresholds_percent = [75,90,95,100]
                        governance.virtual_keys[].budget.mode = "enforce"
                        governance.virtual_keys[].budget.unpriced_models = "refuse"
                        governance.virtual_keys[].budget.raise.limit_usd
                        governance.virtual_keys[].budget.raise.limit_tokens
                        governance.virtual_keys[].budget.raise.until required
                        governance.virtual_keys[].budget.raise.reason required
                        governance.virtual_keys[].budgets[].limit_usd
                        governance.virtual_keys[].budgets[].limit_tokens
                        governance.virtual_keys[].budgets[].every required
                        governance.virtual_keys[].budgets[].rolling = false
                        governance.virtual_keys[].budgets[].time_zone = "UTC"
                        governance.virtual_keys[].budgets[].models
                        governance.virtual_keys[].budgets[].thresholds_percent = [75,90,95,100]
                        governance.virtual_keys[].budgets[].mode = "enforce"
                        governance.virtual_keys[].budgets[].unpriced_models = "refuse"
                        governance.virtual_keys[].budgets[].raise.limit_usd
                        governance.virtual_keys[].budgets[].raise.limit_tokens
                        governance.virtual_keys[].budgets[].raise.until required
                        governance.virtual_keys[].budgets[].raise.reason required
                        governance.virtual_keys[].rate_limits[].limit required
                        governance.virtual_keys[].rate_limits[].unit required
                        governance.virtual_keys[].rate_limits[].per
                        governance.virtual_keys[].rate_limits[].models
                        governance.anonymous.models
                        governance.anonymous.request_types
                        governance.anonymous.max_tokens_per_request
                        governance.anonymous.allowed_hours.days = ["mon","tue","wed","thu","fri","sat","sun"]
                        governance.anonymous.allowed_hours.from = "00:00"
                        governance.anonymous.allowed_hours.until = "00:00"
                        governance.anonymous.allowed_hours.time_zone = "UTC"
                        governance.anonymous.budget.limit_usd
                        governance.anonymous.budget.limit_tokens
                        governance.anonymous.budget.every required
                        governance.anonymous.budget.rolling = false
                        governance.anonymous.budget.time_zone = "UTC"
                        governance.anonymous.budget.models
                        governance.anonymous.budget.thresholds_percent = [75,90,95,100]
                        governance.anonymous.budget.mode = "enforce"
                        governance.anonymous.budget.unpriced_models = "refuse"
                        governance.anonymous.budget.raise.limit_usd
                        governance.anonymous.budget.raise.limit_tokens
                        governance.anonymous.budget.raise.until required
                        governance.anonymous.budget.raise.reason required
                        governance.anonymous.budgets[].limit_usd
                        governance.anonymous.budgets[].limit_tokens
                        governance.anonymous.budgets[].every required
                        governance.anonymous.budgets[].rolling = false
                        governance.anonymous.budgets[].time_zone = "UTC"
                        governance.anonymous.budgets[].models
                        governance.anonymous.budgets[].thresholds_percent = [75,90,95,100]
                        governance.anonymous.budgets[].mode = "enforce"
                        governance.anonymous.budgets[].unpriced_models = "refuse"
                        governance.anonymous.budgets[].raise.limit_usd
                        governance.anonymous.budgets[].raise.limit_tokens
                        governance.anonymous.budgets[].raise.until required
                        governance.anonymous.budgets[].raise.reason required
                        governance.anonymous.rate_limits[].limit required
                        governance.anonymous.rate_limits[].unit required
                        governance.anonymous.rate_limits[].per
                        governance.anonymous.rate_limits[].models
                        governance.budgets[].id required
                        governance.budgets[].customer
                        governance.budgets[].team
                        governance.budgets[].user
                        governance.budgets[].key
                        governance.budgets[].limit_usd
                        governance.budgets[].limit_tokens
                        governance.budgets[].every required
                        governance.budgets[].rolling = false
                        governance.budgets[].time_zone = "UTC"
                        governance.budgets[].models
                        governance.budgets[].thresholds_percent = [75,90,95,100]
                        governance.budgets[].mode = "enforce"
                        governance.budgets[].unpriced_models = "refuse"
                        governance.budgets[].raise.limit_usd
                        governance.budgets[].raise.limit_tokens
                        governance.budgets[].raise.until required
                        governance.budgets[].raise.reason required
                        governance.rate_limits[].id required
                        governance.rate_limits[].customer
                        governance.rate_limits[].team
                        governance.rate_limits[].user
                        governance.rate_limits[].key
                        governance.rate_limits[].limit required
                        governance.rate_limits[].unit required
                        governance.rate_limits[].per
                        governance.rate_limits[].models
                        model_book
                        request_fields
                        compatibility = []
                        store.type = "embedded"
                        store.path = "./data"
                        store.url
                        store.key_hash_secret
                        store.journal_sync_ms = 50
                        store.journal_max_mib = 1024
                        store.unavailable = "serve"
                        store.unavailable_seconds = 600
                        store.keep_days = 800
                        policies.chain = []
                        policy.rbac.roles
                        admin.key
                        admin.keys[].id required
                        admin.keys[].key required
                        admin.keys[].role required
                        admin.keys[].team
                        admin.roles.admin = []
                        admin.roles.operator = []
                        admin.roles.viewer = []
                        admin.roles.team-manager = []
                        identity.jwt[].issuer required
                        identity.jwt[].audience required
                        identity.jwt[].jwks_uri
                        identity.jwt[].algorithms = ["RS256","ES256"]
                        identity.jwt[].claims.user = "sub"
                        identity.jwt[].claims.groups = "groups"
                        identity.jwt[].claims.roles = "roles"
                        identity.jwt[].claims.team
                        identity.jwt[].claims.customer
                        identity.jwt[].models
                        identity.jwt[].clock_skew_seconds = 60
                        identity.jwt[].refresh_minutes = 60
                        identity.databricks[].host required
                        identity.databricks[].team
                        identity.databricks[].models
                        identity.databricks[].cache_seconds = 300
                        identity.databricks[].questions_per_minute = 240
                        identity.trusted_proxy.addresses required
                        identity.trusted_proxy.headers.user
                        identity.trusted_proxy.headers.groups
                        identity.trusted_proxy.headers.roles
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
                                new Governance(
                                        Allowance.SILENT,
                                        List.of(),
                                        List.of(),
                                        List.of(),
                                        List.of(),
                                        Optional.empty(),
                                        Map.of(),
                                        List.of(),
                                        List.of()),
                                ModelBookConfig.builtIn(),
                                Optional.empty(),
                                List.of(),
                                Set.of(),
                                new AdminConfig(Optional.empty(), List.of(), Map.of()),
                                new StoreConfig(
                                        new StoreConfig.Kind.Embedded(),
                                        Path.of("./data"),
                                        Optional.empty(),
                                        Duration.ofMillis(50),
                                        1024L * 1024 * 1024,
                                        true,
                                        Duration.ofMinutes(10),
                                        Duration.ofDays(800)),
                                new IdentityConfig(List.of(), List.of(), Optional.empty()),
                                List.of()));
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
