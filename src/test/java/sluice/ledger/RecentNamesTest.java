package sluice.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecentNamesTest {
    private final RecentNames names = new RecentNames();

    private String name(String text) {
        var bytes = ("..." + text).getBytes(StandardCharsets.UTF_8);
        return names.name(bytes, 3, bytes.length - 3);
    }

    @Test
    void everyNameIsReadAsItWasWrittenHoweverManyThereAre() {
        for (var name : List.of("", "a", "Zürich", "钥匙", "ÿ", "\0", "team/research/usd-month")) {
            assertThat(name(name)).isEqualTo(name);
            assertThat(name(name)).isEqualTo(name);
        }
        var all = new ArrayList<String>();
        for (int i = 0; i < 100_000; i++) {
            all.add("key-" + i * 31 + "é".repeat(i % 3));
        }
        assertThat(all).allSatisfy(name -> assertThat(name(name)).isEqualTo(name));
    }

    @Test
    void aNameThatComesAgainIsTheSameText() {
        var first = name("team/research/usd-month");

        assertThat(name("team/research/usd-month")).isSameAs(first);
    }

    @Test
    void everyNameIsWrittenAsUtf8HoweverManyShareAPlace() {
        // The first two have the same hash code.
        for (var name : List.of("Aa", "BB", "", "Zürich", "钥匙", "\ud83d", "a\udc00b")) {
            for (int i = 0; i < 2; i++) {
                assertThat(names.bytes(name)).isEqualTo(name.getBytes(StandardCharsets.UTF_8));
            }
        }
        for (int i = 0; i < 100_000; i++) {
            var name = "key-" + i * 31 + "é".repeat(i % 3);
            assertThat(names.bytes(name)).isEqualTo(name.getBytes(StandardCharsets.UTF_8));
        }
        assertThat(names.bytes("Aa")).isSameAs(names.bytes("Aa"));
    }
}
