package sluice.config;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import sluice.call.Secret;

/// {@code governance.virtual_keys[]}.
final class VirtualKeySection {
    private static final int WEAK_BELOW = 16;

    private static final Key<String> ID =
            Key.required("id", Text.ID, "the name of this key in the ledger and in messages");
    private static final Key<Secret> KEY =
            Key.required(
                    "key",
                    new SecretReference(),
                    "where the key that callers present is kept, {env: NAME} or {file: path}");
    private static final Key<String> USER =
            Key.optional("user", UserSection.NAME, "the person that it belongs to");
    static final Key<String> ROLE =
            Key.optional("role", Text.LABEL, "the role that it has, for the policy rbac");
    static final Key<List<String>> ROLES =
            Key.defaulting(
                    "roles",
                    new ListOf<>(Text.LABEL, 64, ""),
                    List.of(),
                    "several roles; one that allows is enough");
    private static final Key<Map<String, String>> METADATA =
            Key.optional(
                    "metadata",
                    new TextPairs(),
                    "what else there is to say of it, by names of your own");
    private static final Key<Instant> EXPIRES =
            Key.optional("expires_at", Moment.SHAPE, "from when on it opens nothing");
    private static final Key<Boolean> DISABLED =
            Key.defaulting("disabled", new Truth(), false, "true while it opens nothing");

    private static final List<Key<?>> BELONGING =
            List.of(UserSection.TEAM, UserSection.CUSTOMER, USER, ROLE, ROLES);

    private static final List<Key<?>> ABOUT =
            LevelKeys.after(
                    UserSection.TEAM,
                    UserSection.CUSTOMER,
                    USER,
                    ROLE,
                    ROLES,
                    METADATA,
                    EXPIRES,
                    DISABLED);

    /// What the store says of a key, whose text it does not have.
    static final Section<KeyDocument> STORED =
            new Section<>(
                    "a virtual key",
                    ABOUT,
                    Set.of(),
                    VirtualKeySection::checkAbout,
                    VirtualKeySection::document);

    static final Section<VirtualKeyConfig> SECTION =
            new Section<>(
                    "a virtual key",
                    Stream.concat(Stream.of(ID, KEY), ABOUT.stream()).toList(),
                    Set.of(),
                    VirtualKeySection::check,
                    key -> {
                        var about = document(key);
                        return new VirtualKeyConfig(
                                key.the(ID),
                                key.the(KEY),
                                about.team(),
                                about.customer(),
                                about.user(),
                                about.roles(),
                                about.metadata(),
                                about.expires(),
                                about.disabled(),
                                about.own(),
                                key.place());
                    });

    private VirtualKeySection() {}

    private static KeyDocument document(Fields key) {
        return new KeyDocument(
                key.find(UserSection.TEAM),
                key.find(UserSection.CUSTOMER),
                key.find(USER),
                key.find(ROLE).map(List::of).orElseGet(() -> key.the(ROLES)),
                key.find(METADATA).orElse(Map.of()),
                key.find(EXPIRES),
                key.the(DISABLED),
                LevelKeys.level(key));
    }

    private static void check(Fields key) {
        checkAbout(key);
        if (key.find(KEY).map(secret -> secret.use(String::length)).orElse(WEAK_BELOW)
                < WEAK_BELOW) {
            key.warn(KEY, "shorter than " + WEAK_BELOW + " characters, so it may be guessed");
        }
        boolean belongs =
                BELONGING.stream().anyMatch(key::given); // then others may grant it models
        if (key.find(LevelKeys.MODELS).map(List::isEmpty).orElse(!belongs)) {
            key.warn(LevelKeys.MODELS, "no pattern: this key may use no model at all");
        }
    }

    private static void checkAbout(Fields key) {
        LevelKeys.check(key);
        if (key.given(ROLE) && key.given(ROLES)) {
            key.fault(ROLE, "write one role, or several under 'roles', and not both");
        }
    }
}
