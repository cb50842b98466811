package sluice.config;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import sluice.call.ModelPatterns;
import sluice.call.Secret;

/// {@code providers.targets[].credentials[]}.
final class CredentialSection {
    static final int MAX = 64;

    private static final Key<String> ID =
            Key.required("id", Text.ID, "the name of this credential in the ledger");
    private static final Key<Secret> SECRET =
            Key.optional(
                    "secret_key_ref",
                    new SecretReference(),
                    "where the token is kept, {env: NAME} or {file: path}");
    private static final Key<Auth> AUTH =
            Key.optional(
                    "auth", AuthSection.SHAPE, "how we sign in to a Databricks workspace with it");
    private static final Key<Integer> WEIGHT =
            Key.defaulting(
                    "weight",
                    Whole.small(1, 1_000_000),
                    1L,
                    "its share of the calls, relative to the other credentials'");
    private static final Key<List<String>> MODELS =
            Key.defaulting(
                    "models",
                    new ListOf<>(Text.MODEL, 1000, ""),
                    List.of("*"),
                    "patterns of the models for which it is used, where * stands for anything");

    /// A credential, and whether it was signed in for, which is a workspace's affair.
    record Written(PooledCredential credential, boolean signsIn, Place place) {}

    static final Section<Written> SECTION =
            new Section<>(
                    "a credential",
                    List.of(ID, SECRET, AUTH, WEIGHT, MODELS),
                    Set.of(),
                    fields -> {
                        if (fields.given(SECRET) == fields.given(AUTH)) {
                            fields.fault(
                                    SECRET,
                                    fields.given(SECRET)
                                            ? "auth and secret_key_ref exclude each other; keep one"
                                            : "missing: secret_key_ref: {env: NAME}, or auth");
                        }
                        if (fields.find(AUTH)
                                .filter(auth ->
                                        auth.credential() instanceof Credential.OnBehalfOfUser)
                                .isPresent()) {
                            fields.fault(
                                    AUTH,
                                    "on-behalf-of-user brings the caller's credential, which shares"
                                            + " nothing; write it as auth of the target itself");
                        }
                    },
                    fields ->
                            new Written(
                                    new PooledCredential(
                                            fields.the(ID),
                                            credential(fields).orElseThrow(),
                                            fields.the(WEIGHT),
                                            new ModelPatterns(fields.the(MODELS))),
                                    fields.find(AUTH).isPresent(),
                                    fields.place()));

    private CredentialSection() {}

    private static Optional<Credential> credential(Fields fields) {
        return fields.find(SECRET)
                .<Credential>map(Credential.PersonalToken::new)
                .or(() -> fields.find(AUTH).map(Auth::credential));
    }
}
