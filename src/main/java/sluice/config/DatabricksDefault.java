package sluice.config;

import java.io.IOException;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sluice.call.Secret;

/// Databricks' unified authentication, as far as it needs neither a person nor a cloud's metadata service: the {@code
/// DATABRICKS_*} variables, then the profile of {@code ~/.databrickscfg} for what they leave open (facts/databricks.md
/// sections 4.1 and 4.2). Of several credentials the first counts, in the vendor's order: pat, oauth-m2m, env-oidc,
/// file-oidc.
final class DatabricksDefault {
    private static final String PROFILE = "DATABRICKS_CONFIG_PROFILE";
    private static final String FILE = "DATABRICKS_CONFIG_FILE";
    private static final String TOKEN_VARIABLE = "DATABRICKS_OIDC_TOKEN_ENV";
    private static final String TOKEN_FILE = "DATABRICKS_OIDC_TOKEN_FILEPATH";
    private static final String USUAL_TOKEN_VARIABLE = "DATABRICKS_OIDC_TOKEN";
    private static final String INSTEAD =
            "; use a personal access token (token), a service principal (client_id and"
                    + " client_secret), or auth: {type: oidc-federation}";

    /// Kinds that the vendor's SDK knows and a gateway cannot use, and why.
    private static final Map<String, String> REFUSED =
            Map.ofEntries(
                    Map.entry("basic", "workspaces no longer take passwords"),
                    Map.entry("azure-cli", "it needs a person who has signed in"),
                    Map.entry("databricks-cli", "it needs a person who has signed in"),
                    Map.entry("external-browser", "it needs a person with a browser"),
                    Map.entry("notebook", "it works inside a notebook only"),
                    Map.entry("runtime", "it works inside a notebook only"),
                    Map.entry("azure-msi", "it needs Azure's metadata service"),
                    Map.entry("azure-client-secret", "it needs Microsoft Entra"),
                    Map.entry("github-oidc", "it works inside a GitHub workflow only"),
                    Map.entry("github-oidc-azure", "it works inside a GitHub workflow only"),
                    Map.entry("azure-devops-oidc", "it works inside an Azure pipeline only"),
                    Map.entry("google-credentials", "it needs Google's token service"),
                    Map.entry("google-id", "it needs Google's token service"));

    /// What betrays one of those kinds when {@code auth_type} is not given.
    private static final Map<String, String> TRACES =
            Map.of(
                    "ARM_USE_MSI", "azure-msi",
                    "ARM_CLIENT_SECRET", "azure-client-secret",
                    "GOOGLE_CREDENTIALS", "google-credentials",
                    "DATABRICKS_PASSWORD", "basic");

    private final Reading reading;
    private final Place section;
    private final boolean variablesCount;
    private final @Nullable DatabricksProfile profile;

    private DatabricksDefault(
            Reading reading,
            Place section,
            boolean variablesCount,
            @Nullable DatabricksProfile profile) {
        this.reading = reading;
        this.section = section;
        this.variablesCount = variablesCount;
        this.profile = profile;
    }

    /// The credential, or nothing after telling {@code reading} what is missing.
    ///
    /// @param named the profile that the policy file names; it alone counts then, so that a token of another workspace
    ///     in the environment is not sent to this one
    static Optional<Auth> find(Optional<String> named, Place section, Reading reading) {
        var environment = reading.environment();
        var wanted =
                named.or(() ->
                        environment.has(PROFILE)
                                ? Optional.ofNullable(environment.value(PROFILE))
                                : Optional.empty());
        DatabricksProfile profile = null;
        if (wanted.isPresent() || !anyVariable(environment)) {
            int faults = reading.faultCount();
            profile = profile(wanted, named.isPresent(), section, reading).orElse(null);
            if (reading.faultCount() > faults) {
                return Optional.empty();
            }
        }
        return new DatabricksDefault(reading, section, named.isEmpty(), profile).auth();
    }

    /// As in the vendor's SDK: what is said in the environment makes a profile that nobody named count for nothing.
    private static boolean anyVariable(Environment environment) {
        return List.of(
                        "DATABRICKS_HOST",
                        "DATABRICKS_TOKEN",
                        "DATABRICKS_CLIENT_ID",
                        "DATABRICKS_CLIENT_SECRET")
                .stream()
                .anyMatch(environment::has);
    }

    private static Optional<DatabricksProfile> profile(
            Optional<String> wanted, boolean inFile, Place section, Reading reading) {
        var where = inFile || wanted.isEmpty() ? section : Place.ofVariable(PROFILE);
        var file = file(reading, where);
        if (file.isEmpty()) {
            if (wanted.isPresent()) {
                reading.fault(
                        where,
                        "a profile is named, but where is its file? Set "
                                + FILE
                                + " to its path, or HOME");
            }
            return Optional.empty();
        }
        try {
            var profile =
                    DatabricksProfile.read(file.get(), wanted.orElse("DEFAULT"), reading.sources());
            if (profile.isEmpty() && wanted.isPresent()) {
                reading.fault(
                        where,
                        "there is no profile "
                                + Discretion.quote(wanted.get())
                                + " in "
                                + Discretion.quote(file.get().toString()));
            }
            return profile;
        } catch (IOException why) {
            reading.fault(where, Discretion.quote(file.get().toString()) + " " + why.getMessage());
            return Optional.empty();
        }
    }

    private static Optional<Path> file(Reading reading, Place where) {
        var environment = reading.environment();
        try {
            if (environment.has(FILE)) {
                var written = String.valueOf(environment.value(FILE));
                return written.startsWith("~/")
                        ? home(environment).map(home -> home.resolve(written.substring(2)))
                        : Optional.of(Path.of(written));
            }
            return home(environment).map(home -> home.resolve(".databrickscfg"));
        } catch (InvalidPathException _) {
            reading.fault(where, FILE + " does not hold a path");
            return Optional.empty();
        }
    }

    private static Optional<Path> home(Environment environment) {
        for (var name : List.of("HOME", "USERPROFILE")) {
            if (environment.has(name)) {
                return Optional.of(Path.of(String.valueOf(environment.value(name))));
            }
        }
        return Optional.empty();
    }

    private Optional<Auth> auth() {
        var type = value("auth_type", "DATABRICKS_AUTH_TYPE");
        var kind = type.isEmpty() ? kindFound() : kindForced(type.get());
        if (kind.isEmpty()) {
            return Optional.empty();
        }
        int faults = reading.faultCount();
        var credential = credential(kind.get());
        var host = host();
        return reading.faultCount() == faults
                ? credential.map(found -> new Auth(found, host))
                : Optional.empty();
    }

    private enum Kind {
        PAT("pat"),
        OAUTH_M2M("oauth-m2m"),
        ENV_OIDC("env-oidc"),
        FILE_OIDC("file-oidc");

        private final String name;

        Kind(String name) {
            this.name = name;
        }
    }

    private Optional<Kind> kindForced(DatabricksProfile.Value type) {
        for (var kind : Kind.values()) {
            if (kind.name.equals(type.text())) {
                return Optional.of(kind);
            }
        }
        var why = REFUSED.get(type.text());
        reading.fault(
                type.place(),
                why != null
                        ? "'" + type.text() + "' cannot be used by a gateway: " + why + INSTEAD
                        : "expected pat, oauth-m2m, env-oidc or file-oidc, got "
                                + Discretion.quote(type.text()));
        return Optional.empty();
    }

    private Optional<Kind> kindFound() {
        var found = new ArrayList<Kind>();
        for (var kind : Kind.values()) {
            if (isWhole(kind)) {
                found.add(kind);
            }
        }
        if (found.isEmpty()) {
            tellWhatIsMissing();
            return Optional.empty();
        }
        if (found.size() > 1) {
            reading.warn(
                    section,
                    "several Databricks credentials are given; "
                            + found.getFirst().name
                            + " is used, not "
                            + String.join(
                                    " or ",
                                    found.stream().skip(1).map(kind -> kind.name).toList()));
        }
        return Optional.of(found.getFirst());
    }

    private boolean isWhole(Kind kind) {
        return switch (kind) {
            case PAT -> token().isPresent();
            case OAUTH_M2M -> clientId().isPresent() && clientSecret().isPresent();
            case ENV_OIDC -> value("", TOKEN_VARIABLE).isPresent() || hasUsualToken();
            case FILE_OIDC -> value("", TOKEN_FILE).isPresent();
        };
    }

    private void tellWhatIsMissing() {
        if (clientId().isPresent() != clientSecret().isPresent()) {
            var there = clientId().or(this::clientSecret).orElseThrow().place();
            reading.fault(
                    there,
                    "missing Databricks credentials: "
                            + (clientId().isPresent()
                                    ? "this client id has no secret; set DATABRICKS_CLIENT_SECRET"
                                            + " or client_secret"
                                    : "this client secret has no id; set DATABRICKS_CLIENT_ID or"
                                            + " client_id")
                            + " in the same place");
            return;
        }
        for (var trace : TRACES.entrySet()) {
            if (variablesCount && reading.environment().has(trace.getKey())) {
                var kind = trace.getValue();
                reading.fault(
                        Place.ofVariable(trace.getKey()),
                        "'"
                                + kind
                                + "' cannot be used by a gateway: "
                                + REFUSED.get(kind)
                                + INSTEAD);
                return;
            }
        }
        reading.fault(
                section,
                "missing Databricks credentials: "
                        + (profile == null
                                ? "no DATABRICKS_TOKEN, no DATABRICKS_CLIENT_ID with"
                                        + " DATABRICKS_CLIENT_SECRET, no "
                                        + TOKEN_VARIABLE
                                        + " or "
                                        + TOKEN_FILE
                                        + ", and no profile"
                                : "the profile "
                                        + Discretion.quote(profile.name())
                                        + " has neither token nor client_id with client_secret"));
    }

    private Optional<? extends Credential> credential(Kind kind) {
        return switch (kind) {
            case PAT -> secret(token(), kind, "token").map(Credential.PersonalToken::new);
            case OAUTH_M2M -> {
                var id = secret(clientId(), kind, "client_id");
                var secret = secret(clientSecret(), kind, "client_secret");
                yield id.isPresent() && secret.isPresent()
                        ? Optional.of(new Credential.ServicePrincipal(id.get(), secret.get()))
                        : Optional.empty();
            }
            case ENV_OIDC -> {
                var named = value("", TOKEN_VARIABLE);
                var variable =
                        named.map(DatabricksProfile.Value::text).orElse(USUAL_TOKEN_VARIABLE);
                yield SecretReference.fetch(variable, Place.ofVariable(TOKEN_VARIABLE), reading)
                        .map(SubjectToken.Fixed::new)
                        .map(this::federated);
            }
            case FILE_OIDC -> {
                var path = value("", TOKEN_FILE);
                if (path.isEmpty()) {
                    yield missing(kind, TOKEN_FILE);
                }
                yield AuthSection.subject(Path.of(path.get().text()), path.get().place(), reading)
                        .map(this::federated);
            }
        };
    }

    private Credential.Federated federated(SubjectToken subject) {
        return new Credential.Federated(
                clientId().map(DatabricksProfile.Value::text).map(Secret::new), subject);
    }

    private Optional<Secret> secret(
            Optional<DatabricksProfile.Value> value, Kind kind, String name) {
        if (value.isEmpty()) {
            return missing(kind, name);
        }
        try {
            return Optional.of(new Secret(SecretReference.line(value.get().text(), "this value")));
        } catch (IllegalStateException unfit) {
            reading.fault(value.get().place(), String.valueOf(unfit.getMessage()));
            return Optional.empty();
        }
    }

    private <T> Optional<T> missing(Kind kind, String name) {
        reading.fault(
                section,
                "missing Databricks credentials: auth_type is "
                        + kind.name
                        + ", which needs "
                        + name);
        return Optional.empty();
    }

    private Optional<URI> host() {
        var host = value("host", "DATABRICKS_HOST");
        if (host.isEmpty()) {
            return Optional.empty();
        }
        var written = host.get().text();
        var url =
                BaseUrl.parse(
                        written.contains("://") ? written : "https://" + written,
                        host.get().place(),
                        reading);
        url.flatMap(BaseUrl::faultAsWorkspace)
                .ifPresent(fault -> reading.fault(host.get().place(), fault));
        return url.map(BaseUrl::workspace);
    }

    private Optional<DatabricksProfile.Value> token() {
        return value("token", "DATABRICKS_TOKEN");
    }

    private Optional<DatabricksProfile.Value> clientId() {
        return value("client_id", "DATABRICKS_CLIENT_ID");
    }

    private Optional<DatabricksProfile.Value> clientSecret() {
        return value("client_secret", "DATABRICKS_CLIENT_SECRET");
    }

    private boolean hasUsualToken() {
        return variablesCount && reading.environment().has(USUAL_TOKEN_VARIABLE);
    }

    private Optional<DatabricksProfile.Value> value(String key, String variable) {
        if (variablesCount && reading.environment().has(variable)) {
            var text = String.valueOf(reading.environment().value(variable)).strip();
            return Optional.of(new DatabricksProfile.Value(text, Place.ofVariable(variable)));
        }
        return profile == null ? Optional.empty() : profile.value(key);
    }
}
