package sluice.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BodyArraysTest {
    private static final int MEGABYTE = 1 << 20;

    private final BodyArrays arrays = new BodyArrays();

    @Test
    void anArrayThatWasGivenBackIsUsedAgain() {
        var array = arrays.take(MEGABYTE);
        arrays.giveBack(array, 0);

        assertThat(arrays.take(MEGABYTE)).isSameAs(array);
        assertThat(arrays.take(MEGABYTE)).isNotSameAs(array);
        assertThat(arrays.idleBytes()).isZero();
    }

    @Test
    void theOneUsedLastIsUsedNext() {
        var first = arrays.take(MEGABYTE);
        var last = arrays.take(MEGABYTE);
        arrays.giveBack(first, 0);
        arrays.giveBack(last, 0);

        assertThat(arrays.take(MEGABYTE)).isSameAs(last);
    }

    @Test
    void aBodyGetsNoArrayThatIsTooSmallOrFarTooLarge() {
        arrays.giveBack(new byte[MEGABYTE], 0);

        assertThat(arrays.take(MEGABYTE + 1)).hasSize(MEGABYTE + 1);
        assertThat(arrays.take(MEGABYTE / 4)).hasSize(MEGABYTE / 4);
        assertThat(arrays.take(MEGABYTE / 4 + 1)).hasSize(MEGABYTE);
    }

    @Test
    void whatLiesUnusedIsBounded() {
        for (int i = 0; i < 40; i++) {
            arrays.giveBack(new byte[MEGABYTE], 0);
        }
        assertThat(arrays.idleBytes()).isEqualTo(BodyArrays.MOST_IDLE_BYTES);

        arrays.giveBack(new byte[(int) BodyArrays.MOST_IDLE_BYTES], 0);
        assertThat(arrays.idleBytes()).isEqualTo(BodyArrays.MOST_IDLE_BYTES);

        arrays.giveBack(new byte[(int) BodyArrays.MOST_IDLE_BYTES + 1], 0);
        assertThat(arrays.take((int) BodyArrays.MOST_IDLE_BYTES)).isNotNull();
        assertThat(arrays.idleBytes()).isZero();
    }

    @Test
    void whatNobodyUsesIsLetGo() {
        arrays.giveBack(new byte[MEGABYTE], 0);
        arrays.giveBack(new byte[MEGABYTE], 1);

        arrays.sweep(BodyArrays.IDLE_NANOS - 1);
        assertThat(arrays.idleBytes()).isEqualTo(2 * MEGABYTE);

        arrays.sweep(BodyArrays.IDLE_NANOS);
        assertThat(arrays.idleBytes()).isEqualTo(MEGABYTE);
    }

    @Test
    void smallArraysAreNotKept() {
        arrays.giveBack(new byte[BodyArrays.LEAST_BYTES - 1], 0);

        assertThat(arrays.idleBytes()).isZero();
    }
}
