package sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sluice.store.PostgresDoor;
import sluice.store.SpendQuery;
import sluice.store.Store;

/// A whole gateway whose PostgreSQL goes away and comes back while it serves.
class StoreAwayTest {
    private static final String LLAMA = "databricks-meta-llama-3-3-70b-instruct";

    @Test
    void callsGoOnForAWhileThenAreRefusedAndInTheEndAllIsBooked() {
        try (var database = new PostgresDoor();
                var gateway =
                        TestGateway.planned()
                                .store(
                                        "type: postgresql, url: {env: STORE_URL}, unavailable_seconds: 2")
                                .variable("STORE_URL", database.url())
                                .start();
                var store = database.store()) {
            int served = 0;
            assertThat(ask(gateway).status()).isEqualTo(200);
            served++;
            Patience.until(() -> "the first booking", () -> booked(store) == 1);

            database.shut();
            assertThat(ask(gateway).status()).isEqualTo(200);
            served++;
            Patience.until(
                    () -> "readiness to tell of the store",
                    () -> ready(gateway).text().contains("The store does not answer since"));
            var answer = ask(gateway);
            while (answer.status() == 200) {
                served++;
                answer = ask(gateway);
            }
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.error().path("code").asString()).isEqualTo("store_unavailable");
            assertThat(ready(gateway).status()).isEqualTo(503);
            assertThat(ready(gateway).text()).contains("Calls are refused");

            database.open();
            Patience.until(() -> "calls to be taken again", () -> ready(gateway).status() == 200);
            assertThat(ask(gateway).status()).isEqualTo(200);
            served++;
            int all = served;
            Patience.until(() -> all + " calls to be booked", () -> booked(store) == all);
        }
    }

    private static Answer ask(TestGateway gateway) {
        return gateway.ask(TestGateway.chat(LLAMA, false));
    }

    private static Answer ready(TestGateway gateway) {
        return gateway.ask(TestGateway.get("/health/ready"));
    }

    private static long booked(Store store) {
        var all = new SpendQuery(LocalDate.EPOCH, LocalDate.of(9999, 1, 1), List.of(), Map.of());
        return store.spend(all).stream().mapToLong(row -> row.spent().calls()).sum();
    }
}
