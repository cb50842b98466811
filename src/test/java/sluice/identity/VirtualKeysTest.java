package sluice.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.call.CallFailed;
import sluice.call.Failure;
import sluice.call.ModelPatterns;
import sluice.call.Principal;
import sluice.call.Secret;

class VirtualKeysTest {
    private static final String KEY = "sk-slc-the-right-key";
    private static final String LONGEST = "k".repeat(4096);
    private static final KeyHasher HASHER = KeyHasher.with(KeyHasher.freshSecret());
    private static final VirtualKeys KEYS =
            keys(
                    List.of(
                            key("one", KEY),
                            key("two", "{\"sch lüssel\" 钥匙 🔑}"),
                            key("longest", LONGEST)),
                    null);

    @Test
    void aKeyIsKnownByItsValueAlone() {
        assertThat(KEYS.authenticate(List.of(KEY)).id()).isEqualTo("one");
        assertThat(KEYS.authenticate(List.of("{\"sch lüssel\" 钥匙 🔑}")).id()).isEqualTo("two");
        assertThat(KEYS.authenticate(List.of(LONGEST)).id()).isEqualTo("longest");
    }

    /// Facts/forms.md section 1: clients that must send a key send 'unused'.
    @Test
    void whoHasNoKeyIsAnonymousWhereThatIsAllowed() {
        var nobody = Principal.key("anonymous", ModelPatterns.NOTHING);
        var keys = keys(List.of(key("one", KEY)), nobody);

        assertThat(keys.authenticate(List.of())).isSameAs(nobody);
        assertThat(keys.authenticate(List.of("unused", "unused"))).isSameAs(nobody);
        assertThat(keys.authenticate(List.of("unused", KEY)).id()).isEqualTo("one");
        assertThatThrownBy(() -> keys.authenticate(List.of("a key that was taken back")))
                .as("a wrong key is not the same as none")
                .isInstanceOf(CallFailed.class);
        assertThatThrownBy(() -> KEYS.authenticate(List.of("unused")))
                .isInstanceOf(CallFailed.class)
                .hasMessageContaining("governance.anonymous");
    }

    @Test
    void theFirstThatIsAKeyCounts() {
        assertThat(KEYS.authenticate(List.of("", "wrong", LONGEST, KEY)).id()).isEqualTo("longest");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "sk-slc-the-right-ke",
                "sk-slc-the-right-key ",
                "SK-SLC-THE-RIGHT-KEY",
                "sk-slc-the-right-key\0",
                "no key takes as long as a wrong one",
            })
    void aKeyThatIsNearlyRightIsWrong(String presented) {
        assertThat(refusal(List.of(presented))).isInstanceOf(Failure.Unauthenticated.class);
    }

    @Test
    void aKeyThatOnlyBeginsLikeTheLongestIsWrong() {
        assertThat(refusal(List.of(LONGEST + "k"))).isInstanceOf(Failure.Unauthenticated.class);
        assertThat(refusal(List.of("k".repeat(1_000_000))))
                .isInstanceOf(Failure.Unauthenticated.class);
    }

    @Test
    void everyRefusalIsTheSame() {
        var none = refusal(List.of());

        assertThat(none).isEqualTo(refusal(List.of("wrong"))).isEqualTo(refusal(List.of("", "x")));
        assertThat(none.message()).doesNotContain("wrong");
    }

    @Test
    void withoutKeysNobodyIsKnown() {
        var failed =
                catchThrowableOfType(
                        CallFailed.class, () -> keys(List.of(), null).authenticate(List.of("")));
        assertThat(failed).isNotNull();
    }

    private static Failure refusal(List<String> presented) {
        return catchThrowableOfType(CallFailed.class, () -> KEYS.authenticate(presented)).failure();
    }

    private static VirtualKeys keys(
            List<VirtualKeys.VirtualKey> keys, @Nullable Principal anonymous) {
        return VirtualKeys.of(HASHER, keys, KeyTable.of(List.of()), anonymous, Clock.systemUTC());
    }

    private static VirtualKeys.VirtualKey key(String id, String key) {
        return new VirtualKeys.VirtualKey(
                new Secret(key), Principal.key(id, ModelPatterns.NOTHING), false, null);
    }
}
