package sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.TestGateway.chat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Headers in which a proxy names the person, by whoever is at the other end of the socket. A header that came twice is
/// refused where it is read, so the answer tells whether it was.
class ProxyHeadersTest {
    private static final String TWICE = "x-forwarded-user: alice\r\nx-forwarded-user: mallory";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "identity: {} | 200",
                "identity: {trusted_proxy: {addresses: [10.0.0.0/8], headers: {user: x-forwarded-user}}} | 200",
                "identity: {trusted_proxy: {addresses: [127.0.0.0/8], headers: {roles: x-roles}}} | 200",
                "identity: {trusted_proxy: {addresses: [127.0.0.1], headers: {user: X-Forwarded-User}}} | 400"
            })
    void theyAreReadOnlyFromATrustedProxy(String section, int status) {
        try (var gateway = TestGateway.planned().section(section).start()) {
            var answer = gateway.ask(chat("partner/gpt-5-2", false, TWICE));

            assertThat(answer.status()).isEqualTo(status);
            assertThat(gateway.ask(chat("partner/gpt-5-2", false, "x-forwarded-user: a")).status())
                    .isEqualTo(200);
            var keyless =
                    "GET /v1/models HTTP/1.1\r\nhost: gateway\r\nx-forwarded-user: alice\r\n\r\n";
            assertThat(gateway.ask(keyless).status()).isEqualTo(401);
        }
    }
}
