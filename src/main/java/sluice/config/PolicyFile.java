package sluice.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// The whole of a policy file: its sections, and what they must agree on.
final class PolicyFile {
    private static final int MAX_OBJECTS = 10_000;

    private static final Key<String> NAME =
            Key.defaulting("name", Text.LABEL, "sluice", "the name of this configuration");
    private static final Key<String> VERSION =
            Key.defaulting(
                    "version",
                    new Text(
                            "a version such as 1.0.0",
                            Pattern.compile("[A-Za-z0-9][A-Za-z0-9.+_-]{0,63}")),
                    "0.0.0",
                    "the version of this configuration");
    private static final Key<Boolean> ENABLED =
            Key.defaulting(
                    "enabled", new Truth(), true, "false leaves everything else in this file out");
    private static final Section<PackConfig> PACK_SECTION =
            new Section<>(
                    "pack",
                    List.of(NAME, VERSION, ENABLED),
                    Set.of(),
                    _ -> {},
                    pack -> new PackConfig(pack.the(NAME), pack.the(VERSION), pack.the(ENABLED)));

    private static final Key<List<TargetConfig>> TARGETS =
            Key.defaulting(
                    "targets",
                    new ListOf<>(TargetSection.SECTION, MAX_OBJECTS, "id"),
                    List.of(),
                    "the places that answer model calls");
    private static final Key<Duration> DISCOVERY =
            Key.defaulting(
                    "discovery_interval_seconds",
                    Whole.seconds(10, 86_400),
                    300L,
                    "how often the targets are asked what they serve");

    private record Providers(List<TargetConfig> targets, Duration discoveryInterval) {}

    private static final Section<Providers> PROVIDERS_SECTION =
            new Section<>(
                    "providers",
                    List.of(TARGETS, DISCOVERY),
                    Set.of(),
                    _ -> {},
                    fields -> new Providers(fields.the(TARGETS), fields.the(DISCOVERY)));

    private static final Key<PackConfig> PACK =
            Key.defaulting("pack", PACK_SECTION, Map.of(), "what this configuration is called");
    private static final Key<ServerConfig> SERVER =
            Key.defaulting(
                    "server", ServerSection.SECTION, Map.of(), "the listener and its limits");
    private static final Key<LedgerConfig> LEDGER =
            Key.defaulting(
                    "ledger",
                    LedgerSection.SECTION,
                    Map.of(),
                    "where an entry per call is written");
    private static final Key<Providers> PROVIDERS =
            Key.defaulting("providers", PROVIDERS_SECTION, Map.of(), "where calls can go");
    private static final Key<Governance> GOVERNANCE =
            Key.defaulting(
                    "governance", GovernanceSection.SECTION, Map.of(), "who may call, and what");

    private static final Key<List<VirtualModelConfig>> VIRTUAL_MODELS =
            Key.defaulting(
                    "virtual_models",
                    new ListOf<>(VirtualModelSection.SECTION, MAX_OBJECTS, "name"),
                    List.of(),
                    "names that callers ask for, each with several targets behind it");

    private static final Key<List<Compatibility>> COMPATIBILITY =
            Key.defaulting(
                    "compatibility",
                    new ListOf<>(new OneOf<>(Map.of("tfy", Compatibility.TFY), Set.of()), 8, ""),
                    List.of(),
                    "systems that callers come from, whose own names are understood too: tfy for"
                            + " the x-tfy-... headers");

    private static final Key<AdminConfig> ADMIN =
            Key.defaulting(
                    "admin", AdminSection.SECTION, Map.of(), "who may ask for /admin/v1/...");

    private static final Key<StoreConfig> STORE =
            Key.defaulting(
                    "store",
                    StoreSection.SECTION,
                    Map.of(),
                    "where objects, keys and what was spent are kept");

    private static final Key<ModelBookConfig> MODEL_BOOK =
            Key.optional(
                    "model_book",
                    FilePath.SHAPE.then(ModelBookFile::read),
                    "a file of models' limits, traits and prices, laid over the built-in one");

    private static final Key<FileContent> REQUEST_FIELDS =
            Key.optional(
                    "request_fields",
                    FilePath.SHAPE.then(FileContent::read),
                    "a file that says which fields of a request Databricks takes, in place of the"
                            + " built-in one");

    static final Section<Configuration> SECTION =
            new Section<>(
                    "a policy file",
                    List.of(
                            PACK,
                            SERVER,
                            LEDGER,
                            PROVIDERS,
                            VIRTUAL_MODELS,
                            GOVERNANCE,
                            MODEL_BOOK,
                            REQUEST_FIELDS,
                            COMPATIBILITY,
                            STORE,
                            PolicySection.POLICIES,
                            PolicySection.POLICY,
                            ADMIN,
                            IdentitySection.IDENTITY),
                    Set.of("access"),
                    Map.of(
                            "routing_config",
                            "belongs to a virtual model; write it under virtual_models[], beside the"
                                    + " name that callers ask for"),
                    PolicyFile::check,
                    fields ->
                            new Configuration(
                                    fields.the(PACK),
                                    fields.the(SERVER),
                                    fields.the(LEDGER),
                                    fields.the(PROVIDERS).targets(),
                                    fields.the(PROVIDERS).discoveryInterval(),
                                    fields.the(GOVERNANCE).withRoles(PolicySection.roles(fields)),
                                    fields.find(MODEL_BOOK).orElseGet(ModelBookConfig::builtIn),
                                    fields.find(REQUEST_FIELDS),
                                    fields.the(VIRTUAL_MODELS),
                                    Set.copyOf(fields.the(COMPATIBILITY)),
                                    fields.the(ADMIN),
                                    fields.the(STORE),
                                    fields.the(IdentitySection.IDENTITY),
                                    Declarations.in(fields)));

    private PolicyFile() {}

    static Configuration defaults() {
        var nothing = new Yaml.Mapping(Place.startOf("defaults"), List.of());
        return SECTION.read(nothing, new Reading(Environment.EMPTY, new Sources())).orElseThrow();
    }

    private static void check(Fields file) {
        var declared = Declared.in(file);
        VirtualModels.check(file, declared);
        if (declared.ids().isEmpty() && file.find(PROVIDERS).isPresent()) {
            file.warn(PROVIDERS, "no target is declared: every call will be refused");
        }
        GrantedModels.check(file, declared);
        PolicySection.check(file);
        IdentitySection.checkOnBehalf(file, declared);
    }
}
