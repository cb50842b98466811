package sluice.config;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import sluice.call.ModelPatterns;
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
    private static final Key<List<String>> MODELS =
            Key.defaulting(
                    "models",
                    new ListOf<>(
                            new Text(
                                    "a pattern of models, such as * or <target>/* (1 to 256 printable"
                                            + " characters without spaces)",
                                    Pattern.compile("[!-~]{1,256}")),
                            1000,
                            ""),
                    List.of(),
                    "patterns of the models that may be used, where * stands for anything; none"
                            + " without it");

    /// {@code governance.anonymous}: the models of whoever has no key.
    static final Section<ModelPatterns> ANONYMOUS =
            new Section<>(
                    "anonymous",
                    List.of(MODELS),
                    Set.of("rate_limits"),
                    _ -> {},
                    fields -> new ModelPatterns(fields.the(MODELS)));

    static final Section<VirtualKeyConfig> SECTION =
            new Section<>(
                    "a virtual key",
                    List.of(ID, KEY, MODELS),
                    Set.of("team", "role", "budget", "rate_limits"),
                    VirtualKeySection::check,
                    key ->
                            new VirtualKeyConfig(
                                    key.the(ID),
                                    key.the(KEY),
                                    new ModelPatterns(key.the(MODELS)),
                                    key.place()));

    private VirtualKeySection() {}

    private static void check(Fields key) {
        if (key.find(KEY).map(secret -> secret.use(String::length)).orElse(WEAK_BELOW)
                < WEAK_BELOW) {
            key.warn(KEY, "shorter than " + WEAK_BELOW + " characters, so it may be guessed");
        }
        if (key.find(MODELS).map(List::isEmpty).orElse(false)) {
            key.warn(MODELS, "no pattern: this key may use no model at all");
        }
    }
}
