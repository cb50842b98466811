package sluice.config;

import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import sluice.call.ModelPatterns;

/// {@code identity}: by what callers are known, beside their virtual keys.
final class IdentitySection {
    private static final int MAX_ISSUERS = 32;
    private static final int MAX_WORKSPACES = 8;

    private static final Text ADDRESS =
            new Text(
                    "an address such as https://host (printable characters without spaces)",
                    Pattern.compile("[!-~]{1,2048}"));
    private static final Text CLAIM =
            new Text(
                    "a claim's name, or a path of names with dots between them (1 to 256 printable"
                            + " characters without spaces)",
                    Pattern.compile("[!-~]{1,256}"));

    private static final Key<String> ISSUER =
            Key.required(
                    "issuer",
                    ADDRESS.then(IdentitySection::issuer),
                    "who issues the tokens: what stands in their claim iss, to the letter");
    private static final Key<String> AUDIENCE =
            Key.required(
                    "audience",
                    new Text(
                            "an audience (1 to 512 printable characters)",
                            Pattern.compile("[!-~]([ -~]{0,510}[!-~])?")),
                    "for whom a token must be: what its claim aud must hold");
    private static final Key<URI> KEY_SET =
            Key.optional(
                    "jwks_uri",
                    ADDRESS.then(IdentitySection::keySet),
                    "where the issuer's keys are; without it"
                            + " <issuer>/.well-known/openid-configuration is asked");
    private static final Key<List<String>> ALGORITHMS =
            Key.defaulting(
                    "algorithms",
                    new ListOf<>(new OneOf<>(algorithms(), Set.of()), 16, "")
                            .then(IdentitySection::someAlgorithms),
                    List.of("RS256", "ES256"),
                    "how tokens may be signed; each must also fit the type of the issuer's key");
    private static final Key<Duration> CLOCK_SKEW =
            Key.defaulting(
                    "clock_skew_seconds",
                    Whole.seconds(0, 600),
                    60L,
                    "by how much the issuer's clock and the gateway's may differ");
    private static final Key<Duration> REFRESH =
            Key.defaulting(
                    "refresh_minutes",
                    new Whole(1, 1440)
                            .then((minutes, _, _) -> Optional.of(Duration.ofMinutes(minutes))),
                    60L,
                    "how often the issuer's keys are fetched, beside once for a token with an"
                            + " unknown key");

    private static final Key<String> USER =
            Key.defaulting("user", CLAIM, "sub", "the claim that names the person; demanded");
    private static final Key<String> GROUPS =
            Key.defaulting(
                    "groups",
                    CLAIM,
                    "groups",
                    "the claim that names the person's groups; one that is a team's id gives the"
                            + " team where no claim does");
    private static final Key<String> ROLES =
            Key.defaulting("roles", CLAIM, "roles", "the claim that names the person's roles");
    private static final Key<String> TEAM =
            Key.optional("team", CLAIM, "the claim that names the person's team");
    private static final Key<String> CUSTOMER =
            Key.optional("customer", CLAIM, "the claim that names whom calls are booked for");
    private static final Key<IssuerConfig.ClaimsConfig> CLAIMS =
            Key.defaulting(
                    "claims",
                    new Section<>(
                            "claims",
                            List.of(USER, GROUPS, ROLES, TEAM, CUSTOMER),
                            Set.of(),
                            _ -> {},
                            claims ->
                                    new IssuerConfig.ClaimsConfig(
                                            claims.the(USER),
                                            claims.the(GROUPS),
                                            claims.the(ROLES),
                                            claims.find(TEAM),
                                            claims.find(CUSTOMER))),
                    Map.of(),
                    "which claims say what: each a claim's whole name, or a path with dots such as"
                            + " realm_access.roles");

    private static final Key<ModelPatterns> MODELS =
            Key.optional(
                    "models",
                    new ListOf<>(Text.MODEL, 1000, "")
                            .then((models, _, _) -> Optional.of(new ModelPatterns(models))),
                    "patterns of the models that all who are known by it may use; without it only"
                            + " what teams and roles grant");

    private static final Section<IssuerConfig> ISSUER_SECTION =
            new Section<>(
                    "an issuer",
                    List.of(
                            ISSUER,
                            AUDIENCE,
                            KEY_SET,
                            ALGORITHMS,
                            CLAIMS,
                            MODELS,
                            CLOCK_SKEW,
                            REFRESH),
                    Set.of(),
                    _ -> {},
                    issuer ->
                            new IssuerConfig(
                                    issuer.the(ISSUER),
                                    issuer.the(AUDIENCE),
                                    issuer.find(KEY_SET),
                                    issuer.the(ALGORITHMS),
                                    issuer.the(CLAIMS),
                                    issuer.find(MODELS),
                                    issuer.the(CLOCK_SKEW),
                                    issuer.the(REFRESH)));

    private static final Key<List<IssuerConfig>> JWT =
            Key.defaulting(
                    "jwt",
                    new ListOf<>(ISSUER_SECTION, MAX_ISSUERS, "issuer"),
                    List.of(),
                    "the issuers whose tokens callers may present in place of a key");

    private static final Key<URI> HOST =
            Key.required(
                    "host",
                    ADDRESS.then(IdentitySection::workspace),
                    "the workspace's address, such as https://adb-1234567890.azuredatabricks.net");
    private static final Key<String> HOME_TEAM =
            Key.optional(
                    "team",
                    Text.ID,
                    "the team of its people, where none of their groups is a team's id");
    private static final Key<Duration> CACHE =
            Key.defaulting(
                    "cache_seconds",
                    Whole.seconds(1, 3600),
                    300L,
                    "how long a token that the workspace knows counts as good without another"
                            + " question");
    private static final Key<Integer> QUESTIONS =
            Key.defaulting(
                    "questions_per_minute",
                    Whole.small(1, 100_000),
                    240L,
                    "how often the workspace is asked at most, a quarter of it at once; more new"
                            + " tokens are refused");
    private static final Section<WorkspaceConfig> WORKSPACE_SECTION =
            new Section<>(
                    "a workspace",
                    List.of(HOST, HOME_TEAM, MODELS, CACHE, QUESTIONS),
                    Set.of(),
                    _ -> {},
                    workspace ->
                            new WorkspaceConfig(
                                    workspace.the(HOST),
                                    workspace.find(HOME_TEAM),
                                    workspace.find(MODELS),
                                    workspace.the(CACHE),
                                    workspace.the(QUESTIONS)));

    private static final Key<List<WorkspaceConfig>> DATABRICKS =
            Key.defaulting(
                    "databricks",
                    new ListOf<>(WORKSPACE_SECTION, MAX_WORKSPACES, "host"),
                    List.of(),
                    "the Databricks workspaces whose people may present their own tokens");

    static final Section<IdentityConfig> SECTION =
            new Section<>(
                    "identity",
                    List.of(JWT, DATABRICKS, TrustedProxySection.KEY),
                    Set.of(),
                    IdentitySection::check,
                    identity ->
                            new IdentityConfig(
                                    identity.the(JWT),
                                    identity.the(DATABRICKS),
                                    identity.find(TrustedProxySection.KEY)));

    static final Key<IdentityConfig> IDENTITY =
            Key.defaulting(
                    "identity",
                    SECTION,
                    Map.of(),
                    "by what callers are known, beside their virtual keys");

    private IdentitySection() {}

    private static Optional<String> issuer(String text, Place place, Reading reading) {
        return safe(text, place, reading).map(_ -> text);
    }

    /// The end of an address, a slash included, is part of it.
    private static Optional<URI> keySet(String text, Place place, Reading reading) {
        return safe(text, place, reading).map(_ -> URI.create(text));
    }

    /// Whoever sits between could put in keys, or take a token away.
    private static Optional<URI> safe(String text, Place place, Reading reading) {
        var uri = BaseUrl.parse(text, place, reading);
        if (uri.filter(BaseUrl::inTheClear).isPresent()) {
            reading.fault(
                    place,
                    "must start with https://; http:// is for this machine's own addresses only,"
                            + " got "
                            + Discretion.quote(text));
            return Optional.empty();
        }
        return uri;
    }

    private static Optional<URI> workspace(String text, Place place, Reading reading) {
        return safe(text, place, reading)
                .flatMap(uri -> {
                    var fault = BaseUrl.faultAsWorkspace(uri);
                    fault.ifPresent(what -> reading.fault(place, what));
                    return fault.isPresent()
                            ? Optional.empty()
                            : Optional.of(BaseUrl.workspace(uri));
                });
    }

    /// One host may be written in two ways.
    private static void check(Fields identity) {
        var seen = new HashSet<URI>();
        for (var workspace : identity.find(DATABRICKS).orElse(List.of())) {
            if (!seen.add(workspace.host())) {
                identity.fault(
                        DATABRICKS,
                        "has the workspace "
                                + Discretion.quote(workspace.host().toString())
                                + " twice; each stands once");
            }
        }
    }

    /// A target that is asked on behalf of its callers can be used only by those whom its workspace knows.
    static void checkOnBehalf(Fields file, Declared declared) {
        var identity = file.find(IDENTITY);
        if (identity.isEmpty()) {
            return;
        }
        for (var target : declared.targets().values()) {
            boolean known =
                    identity.get().workspaces().stream()
                            .anyMatch(workspace -> workspace.host().equals(target.baseUrl()));
            if (target.credential() instanceof Credential.OnBehalfOfUser && !known) {
                file.fault(
                        target.place().key("auth"),
                        "on-behalf-of-user: nobody is known by a token of this workspace; add {host: "
                                + target.baseUrl()
                                + "} to identity.databricks");
            }
        }
    }

    private static Optional<List<String>> someAlgorithms(
            List<String> algorithms, Place place, Reading reading) {
        if (algorithms.isEmpty()) {
            reading.fault(place, "expected at least one algorithm");
            return Optional.empty();
        }
        return Optional.of(algorithms);
    }

    /// All of them sign with a private key. What signs with a shared secret, or not at all, is not to be had.
    private static Map<String, String> algorithms() {
        var algorithms = new LinkedHashMap<String, String>();
        Stream.of(
                        "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384",
                        "ES512", "EdDSA")
                .forEach(name -> algorithms.put(name, name));
        return algorithms;
    }
}
