package sluice.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallIdTest {
    @Test
    void freshIdsDiffer() {
        var random = new Random(1);
        var ids = new HashSet<CallId>();
        for (int i = 0; i < 10_000; i++) {
            ids.add(CallId.fresh(random));
        }

        assertThat(ids).hasSize(10_000);
        assertThat(ids).allMatch(id -> id.value().matches("req_[0-9a-f]{24}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "req_1", "~!\"{}", "6ba7b810-9dad-11d1-80b4-00c04fd430c8"})
    void aCallersOwnIdIsTakenWhenItIsPrintable(String id) {
        assertThat(CallId.acceptable(id)).isTrue();
        assertThat(new CallId(id)).hasToString(id);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a\n", "\u007f", "é", "a\tb", "\u0000"})
    void anythingElseIsNot(String id) {
        assertThat(CallId.acceptable(id)).isFalse();
        assertThatThrownBy(() -> new CallId(id)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anIdHasALength() {
        assertThat(CallId.acceptable("x".repeat(128))).isTrue();
        assertThat(CallId.acceptable("x".repeat(129))).isFalse();
    }
}
