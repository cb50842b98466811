package sluice.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.store.PostgresUrl.Server;

class PostgresUrlTest {
    @Test
    void theAddressOfPostgresOwnProgramsIsRead() {
        var url =
                PostgresUrl.parse(
                        "postgresql://ada:a%40b+c%25@db.example:6432/sluice?sslmode=verify-full&sslrootcert=/ca.pem&connect_timeout=2&channel_binding=require");
        assertThat(url.servers()).containsExactly(new Server("db.example", 6432));
        assertThat(url.database()).isEqualTo("sluice");
        assertThat(url.properties())
                .isEqualTo(
                        Map.of(
                                "user",
                                "ada",
                                "password",
                                "a@b+c%",
                                "sslmode",
                                "verify-full",
                                "sslrootcert",
                                "/ca.pem",
                                "connectTimeout",
                                "2",
                                "channelBinding",
                                "require"));
        assertThat(url).hasToString("postgresql://db.example:6432/sluice");
    }

    @Test
    void theAddressOfJavaIsRead() {
        var url =
                PostgresUrl.parse(
                        "jdbc:postgresql://db.example/sluice?user=ada&password=a+b%40&ssl=true&prepareThreshold=0");
        assertThat(url.servers()).containsExactly(new Server("db.example", 5432));
        assertThat(url.properties())
                .isEqualTo(
                        Map.of(
                                "user",
                                "ada",
                                "password",
                                "a b@",
                                "ssl",
                                "true",
                                "prepareThreshold",
                                "0"));
        assertThat(url.toString()).doesNotContain("ada", "a b");
    }

    @Test
    void severalServersAndShortFormsAreRead() {
        var url =
                PostgresUrl.parse(
                        "postgres://one:1,[::1],[fe80::2]:2/db?target_session_attrs=primary");
        assertThat(url.servers())
                .isEqualTo(
                        List.of(
                                new Server("one", 1),
                                new Server("::1", 5432),
                                new Server("fe80::2", 2)));
        assertThat(url.properties()).isEqualTo(Map.of("targetServerType", "primary"));
        assertThat(url).hasToString("postgresql://one:1,[::1]:5432,[fe80::2]:2/db");
        assertThat(PostgresUrl.parse("postgresql://ada@one/db").properties())
                .isEqualTo(Map.of("user", "ada"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "se-cret",
                "mysql://ada:se-cret@db/sluice",
                "jdbc:mysql://ada:se-cret@db/sluice",
                "postgresql:sluice?password=se-cret",
                "postgresql://ada:se-cret@db",
                "postgresql://ada:se-cret@db/",
                "postgresql://ada:se-cret@/sluice",
                "postgresql://ada:se-cret@%2Fvar%2Frun/sluice",
                "postgresql://ada:se-cret@db:0/sluice",
                "postgresql://ada:se-cret@db:x/sluice",
                "postgresql://ada:12?se-cret@db/sluice",
                "postgresql://ada:12/se-cret@db/sluice?x=1",
                "postgresql://ada:/se-cret@db/sluice",
                "postgresql://ada:se-cret%@db/sluice",
                "postgresql://ada:se-cret%zz@db/sluice",
                "postgresql://db/sluice?password=se-cret%zz",
                "postgresql://ada:se-cret@db/sluice?unknown=1",
                "postgresql://ada:se-cret@db/sluice?socketFactory=x",
                "postgresql://ada:se-cret@db/sluice?target_session_attrs=standby",
            })
    void othersAreRefusedWithoutThePassword(String url) {
        assertThatThrownBy(() -> PostgresUrl.parse(url))
                .isInstanceOf(StoreRefused.class)
                .hasNoCause()
                .hasMessageStartingWith("the URL of a PostgreSQL store cannot be used: ")
                .hasMessageNotContaining("se-cret");
    }

    @Test
    void aRefusalSaysWhatToDo() {
        assertThatThrownBy(() -> PostgresUrl.parse("mysql://ada:x@db/sluice"))
                .hasMessage(
                        "the URL of a PostgreSQL store cannot be used: it begins with 'mysql:'; expected postgresql://user:password@host:5432/database or jdbc:postgresql://host:5432/database?user=...&password=...");
        assertThatThrownBy(() -> PostgresUrl.parse("postgresql://db/sluice?shape=round"))
                .hasMessageEndingWith("its parameter 'shape' is not known");
    }
}
