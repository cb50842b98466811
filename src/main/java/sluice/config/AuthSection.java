package sluice.config;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import sluice.call.Secret;

/// {@code auth} of a target: how the gateway signs in to a workspace, when not with a token that it was given.
final class AuthSection {
    private static final Key<Kind> TYPE =
            Key.required(
                    "type",
                    new OneOf<>(kinds(), Set.of()),
                    "how we sign in to the workspace: oauth-m2m as a service principal with a"
                            + " secret; oidc-federation with another issuer's token, such as a"
                            + " Kubernetes service account's; databricks-default as the DATABRICKS_*"
                            + " variables or a profile of ~/.databrickscfg say, in the order pat,"
                            + " oauth-m2m, env-oidc, file-oidc; on-behalf-of-user with the token that the"
                            + " caller itself presents (identity.databricks)");
    private static final Key<Secret> CLIENT_ID =
            Key.optional(
                    "client_id",
                    new TextOrReference(),
                    "the service principal's application id, as a text, {env: NAME} or {file:"
                            + " path}; oidc-federation goes without it when the account maps the"
                            + " token's subject");
    private static final Key<Secret> CLIENT_SECRET =
            Key.optional(
                    "client_secret",
                    new SecretReference(),
                    "where the service principal's secret is kept, {env: NAME} or {file: path}");
    private static final Key<Path> TOKEN_FILE =
            Key.optional(
                    "token_file",
                    FilePath.SHAPE,
                    "the file that holds the other issuer's token; read anew for each sign-in, as"
                            + " its writer renews it");
    private static final Key<Secret> TOKEN_ENV =
            Key.optional(
                    "token_env",
                    new VariableName(),
                    "the environment variable that holds the other issuer's token");
    private static final Key<String> PROFILE =
            Key.optional(
                    "profile",
                    Text.LABEL,
                    "the profile of ~/.databrickscfg, which alone counts then; without it the"
                            + " variables count first");

    private static final Key<Secret> DISCOVERY_TOKEN =
            Key.optional(
                    "secret_key_ref",
                    new SecretReference(),
                    "where a token of the workspace is kept, {env: NAME} or {file: path}");
    private static final Key<Credential> DISCOVERY =
            Key.optional(
                    "discovery",
                    new Section<>(
                            "discovery",
                            List.of(DISCOVERY_TOKEN, CLIENT_ID, CLIENT_SECRET),
                            Set.of(),
                            AuthSection::oneWay,
                            AuthSection::discovery),
                    "what the gateway itself asks the workspace with, for its models and by"
                            + " probes: a token, or a service principal");

    private static final Section<Written> SECTION =
            new Section<>(
                    "auth",
                    List.of(
                            TYPE,
                            CLIENT_ID,
                            CLIENT_SECRET,
                            TOKEN_FILE,
                            TOKEN_ENV,
                            PROFILE,
                            DISCOVERY),
                    Set.of(),
                    AuthSection::check,
                    AuthSection::build);

    static final Shape<Auth> SHAPE = SECTION.then(AuthSection::resolved);

    private AuthSection() {}

    private enum Kind {
        OAUTH_M2M("oauth-m2m"),
        OIDC_FEDERATION("oidc-federation"),
        DATABRICKS_DEFAULT("databricks-default"),
        ON_BEHALF_OF_USER("on-behalf-of-user");

        private final String name;

        Kind(String name) {
            this.name = name;
        }

        boolean has(Key<?> key) {
            return switch (this) {
                case OAUTH_M2M -> key.equals(CLIENT_ID) || key.equals(CLIENT_SECRET);
                case OIDC_FEDERATION ->
                        key.equals(CLIENT_ID) || key.equals(TOKEN_FILE) || key.equals(TOKEN_ENV);
                case DATABRICKS_DEFAULT -> key.equals(PROFILE);
                case ON_BEHALF_OF_USER -> key.equals(DISCOVERY);
            };
        }
    }

    /// What stands in the file. A default is looked for only when the section is known to be good.
    private sealed interface Written {
        record Whole(Credential credential) implements Written {}

        record Default(Optional<String> profile) implements Written {}

        record InFile(Optional<Secret> clientId, Path file, Place place) implements Written {}
    }

    private static Map<String, Kind> kinds() {
        var kinds = new LinkedHashMap<String, Kind>();
        for (var kind : Kind.values()) {
            kinds.put(kind.name, kind);
        }
        return kinds;
    }

    private static void check(Fields auth) {
        var kind = auth.find(TYPE);
        if (kind.isEmpty()) {
            return;
        }
        for (var key :
                List.of(CLIENT_ID, CLIENT_SECRET, TOKEN_FILE, TOKEN_ENV, PROFILE, DISCOVERY)) {
            if (auth.given(key) && !kind.get().has(key)) {
                auth.fault(key, "does not belong to type: " + kind.get().name + "; remove it");
            }
        }
        switch (kind.get()) {
            case OAUTH_M2M -> bothHalves(auth);
            case OIDC_FEDERATION -> oneToken(auth);
            case DATABRICKS_DEFAULT, ON_BEHALF_OF_USER -> {}
        }
    }

    private static void oneWay(Fields discovery) {
        boolean token = discovery.given(DISCOVERY_TOKEN);
        boolean principal = discovery.given(CLIENT_ID) || discovery.given(CLIENT_SECRET);
        if (token && principal) {
            discovery.fault(
                    DISCOVERY_TOKEN,
                    "secret_key_ref and a service principal exclude each other; keep one");
        } else if (!token && !principal) {
            discovery.fault(
                    DISCOVERY_TOKEN,
                    "missing: secret_key_ref: {env: NAME}, or client_id and client_secret");
        } else if (!token) {
            bothHalves(discovery);
        }
    }

    private static Credential discovery(Fields discovery) {
        return discovery
                .find(DISCOVERY_TOKEN)
                .<Credential>map(Credential.PersonalToken::new)
                .orElseGet(() ->
                        new Credential.ServicePrincipal(
                                discovery.the(CLIENT_ID), discovery.the(CLIENT_SECRET)));
    }

    private static void bothHalves(Fields auth) {
        for (var key : List.of(CLIENT_ID, CLIENT_SECRET)) {
            if (!auth.given(key)) {
                auth.fault(
                        key,
                        "missing Databricks credentials: oauth-m2m needs client_id and"
                                + " client_secret; write "
                                + key.name()
                                + ": {env: NAME}");
            }
        }
    }

    private static void oneToken(Fields auth) {
        if (!auth.given(TOKEN_FILE) && !auth.given(TOKEN_ENV)) {
            auth.fault(
                    TOKEN_FILE,
                    "missing Databricks credentials: oidc-federation needs token_file or token_env,"
                            + " and usually client_id");
        }
        if (auth.given(TOKEN_FILE) && auth.given(TOKEN_ENV)) {
            auth.fault(TOKEN_ENV, "token_file and token_env exclude each other; keep one");
        }
    }

    private static Written build(Fields auth) {
        return switch (auth.the(TYPE)) {
            case OAUTH_M2M ->
                    new Written.Whole(
                            new Credential.ServicePrincipal(
                                    auth.the(CLIENT_ID), auth.the(CLIENT_SECRET)));
            case OIDC_FEDERATION ->
                    auth.given(TOKEN_FILE)
                            ? new Written.InFile(
                                    auth.find(CLIENT_ID),
                                    auth.the(TOKEN_FILE),
                                    auth.place(TOKEN_FILE))
                            : new Written.Whole(
                                    new Credential.Federated(
                                            auth.find(CLIENT_ID),
                                            new SubjectToken.Fixed(auth.the(TOKEN_ENV))));
            case DATABRICKS_DEFAULT -> new Written.Default(auth.find(PROFILE));
            case ON_BEHALF_OF_USER ->
                    new Written.Whole(new Credential.OnBehalfOfUser(auth.find(DISCOVERY)));
        };
    }

    private static Optional<Auth> resolved(Written written, Place place, Reading reading) {
        return switch (written) {
            case Written.Whole(var credential) ->
                    Optional.of(new Auth(credential, Optional.empty()));
            case Written.InFile(var id, var file, var where) ->
                    subject(file, where, reading)
                            .map(subject ->
                                    new Auth(
                                            new Credential.Federated(id, subject),
                                            Optional.empty()));
            case Written.Default(var profile) -> DatabricksDefault.find(profile, place, reading);
        };
    }

    /// A token file that holds a token now, whatever it will hold later. One that cannot be read is looked at again, so
    /// that a configuration which was refused for it is read again when it comes.
    static Optional<SubjectToken> subject(Path file, Place place, Reading reading) {
        var token = new SubjectToken.File(file);
        try {
            token.read();
            return Optional.of(token);
        } catch (IllegalStateException why) {
            reading.sources().watch(file);
            reading.fault(place, String.valueOf(why.getMessage()));
            return Optional.empty();
        }
    }

    /// A client id is public, and yet kept as a secret: a client secret may have been put in its place.
    private record TextOrReference() implements Shape<Secret> {
        private static final Text ID =
                new Text(
                        "a client id (1 to 256 printable characters without spaces)",
                        Pattern.compile("[!-~]{1,256}"));

        @Override
        public Optional<Secret> read(Yaml value, Reading reading) {
            if (!(value instanceof Yaml.Scalar scalar)
                    || scalar.type() == Yaml.Scalar.Type.NOTHING) {
                return new SecretReference().read(value, reading);
            }
            if (Discretion.looksSecret(scalar.text())) {
                reading.fault(
                        value.place(),
                        "expected a client id, got a value that looks like a credential (not"
                                + " shown); write {env: NAME} or {file: path} if it is one");
                return Optional.empty();
            }
            return ID.read(value, reading).map(Secret::new);
        }

        @Override
        public Map<String, Object> schema() {
            return JsonSchema.of(
                    "oneOf",
                    List.of(
                            ID.schema(),
                            SecretReference.alternative("env"),
                            SecretReference.alternative("file")));
        }
    }

    private record VariableName() implements Shape<Secret> {
        @Override
        public Optional<Secret> read(Yaml value, Reading reading) {
            return SecretReference.variable(value, reading);
        }

        @Override
        public Map<String, Object> schema() {
            return JsonSchema.of(
                    "type",
                    "string",
                    "pattern",
                    "^(?:" + SecretReference.VARIABLE.pattern() + ")$");
        }
    }
}
