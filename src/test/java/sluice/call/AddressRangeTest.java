package sluice.call;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRangeTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.0.1, true",
        "10.0.0.0/8, 11.0.0.1, false",
        "10.0.0.0/8, ::ffff:10.0.0.1, true",
        "10.0.0.0/8, fd00::1, false",
        "192.168.1.128/25, 192.168.1.127, false",
        "192.168.1.128/25, 192.168.1.128, true",
        "127.0.0.1, 127.0.0.1, true",
        "127.0.0.1, 127.0.0.2, false",
        "fd00::/8, fdff::1, true",
        "fd00::/8, fe00::1, false",
        "::1, 0:0:0:0:0:0:0:1, true",
        "0.0.0.0/0, 8.8.8.8, true",
        "0.0.0.0/0, no address, false",
        "0.0.0.0/0, '', false"
    })
    void itHoldsWhatItsPrefixSays(String range, String address, boolean holds) {
        assertThat(AddressRange.parse(range).orElseThrow().holds(address)).isEqualTo(holds);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10",
                "10.1",
                "10.0.0.0/33",
                "10.0.0.1/8",
                "10.0.0.0/",
                "10.0.0.0/-1",
                "300.0.0.0",
                "::/129",
                "fd00::1/8",
                "host",
                "10.0.0.0/8 ",
                ":",
                "::1%lo"
            })
    void whatIsNoneIsNotTaken(String text) {
        assertThat(AddressRange.parse(text)).isEmpty();
    }
}
