package sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.TestGateway.KEY;
import static sluice.TestGateway.body;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The listener with a certificate. The two pairs in the resources are for localhost and valid for a hundred years.
@SuppressWarnings("NullAway.Init") // set before each test
class TlsTest {
    @TempDir private Path directory;

    private TestGateway gateway;

    @BeforeEach
    void start() {
        install("first", "first");
        gateway =
                TestGateway.planned()
                        .server(
                                "max_body_bytes: 4096, tls: {certificate: \"%s\", key: \"%s\"}"
                                        .formatted(certificate(), key()))
                        .start();
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
    void aCallIsTheSameInBothVersionsOfHttp(HttpClient.Version version) {
        try (var client = client(version)) {
            for (boolean stream : new boolean[] {false, true}) {
                var answer = send(client, chat(body("partner/gpt-5-2", stream)));
                assertThat(answer.version()).isEqualTo(version);
                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(answer.body()).contains(stream ? "data: [DONE]" : "\"usage\"");
                assertThat(answer.headers().firstValue("x-request-id")).isPresent();
            }
            assertThat(send(client, get("/health/live")).statusCode()).isEqualTo(200);
            assertThat(send(client, get("/v1/models")).body()).contains("partner/gpt-5-2");
            assertThat(send(client, get("/v2")).statusCode()).isEqualTo(404);
            assertThat(send(client, chat("{}")).statusCode()).isEqualTo(400);
            assertThat(send(client, chat(" ".repeat(5000))).statusCode()).isEqualTo(413);
            assertThat(send(client, chat(body("partner/sim-cut", true))).body())
                    .contains("\"error\"")
                    .doesNotContain("[DONE]");
            assertThat(send(client, get("/v1/models")).version()).isEqualTo(version);
        }
        assertThat(gateway.ledger(8)).hasSize(8);
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
    void aHeadIsAnsweredWithTheHeadersOfAGetAndNoBody(HttpClient.Version version) {
        try (var client = client(version)) {
            for (var path :
                    List.of("/v1/models", "/v1/models/x", "/health/live", "/health/ready")) {
                var whole = send(client, get(path));
                var head = send(client, request(path).HEAD().build());

                assertThat(head.version()).isEqualTo(version);
                assertThat(head.statusCode()).isEqualTo(whole.statusCode());
                assertThat(head.body()).as(path).isEmpty();
                assertThat(head.headers().firstValue("content-type"))
                        .isEqualTo(whole.headers().firstValue("content-type"));
                assertThat(head.headers().firstValueAsLong("content-length"))
                        .as(path)
                        .hasValue(whole.body().length());
            }
            assertThat(gateway.gateway().openConnections()).isEqualTo(1);
        }
    }

    @Test
    void manyCallsShareOneConnection() {
        try (var client = client(HttpClient.Version.HTTP_2)) {
            var first =
                    client.sendAsync(chat(body("partner/gpt-5-2", true)), BodyHandlers.ofString());
            assertThat(first.join().statusCode()).isEqualTo(200);
            var many =
                    IntStream.range(0, 20)
                            .mapToObj(i ->
                                    client.sendAsync(
                                            chat(body("partner/gpt-5-2", i % 2 == 0)),
                                            BodyHandlers.ofString()))
                            .toList();
            assertThat(many).allMatch(answer -> answer.join().statusCode() == 200);
            assertThat(gateway.gateway().openConnections()).isEqualTo(1);
        }
    }

    @Test
    void aNewCertificateIsShownToNewConnectionsAndOldOnesStay() {
        try (var before = client(HttpClient.Version.HTTP_2)) {
            assertThat(shown(send(before, get("/v1/models")))).contains("first.test");

            install("second", "second");
            gateway.reload(plan -> {});

            Patience.until(
                    () -> "the new certificate", () -> shownToANewClient().contains("second.test"));
            assertThat(shown(send(before, get("/v1/models")))).contains("first.test");
        }
    }

    @Test
    void aCertificateThatDoesNotFitItsKeyIsNotTakenOver() {
        install("second", "first");
        gateway.reload(plan -> {});

        assertThat(shownToANewClient()).contains("first.test");
        assertThat(shownToANewClient()).contains("first.test");
    }

    private String shownToANewClient() {
        try (var client = client(HttpClient.Version.HTTP_2)) {
            return shown(send(client, get("/v1/models")));
        }
    }

    private static String shown(HttpResponse<String> answer) {
        try {
            var chain = answer.sslSession().orElseThrow().getPeerCertificates();
            return ((X509Certificate) chain[0]).getSubjectX500Principal().getName();
        } catch (SSLPeerUnverifiedException failed) {
            throw new AssertionError(failed);
        }
    }

    private Path certificate() {
        return directory.resolve("tls.crt");
    }

    private Path key() {
        return directory.resolve("tls.key");
    }

    private void install(String certificate, String key) {
        try (var one = resource(certificate + ".crt.pem");
                var other = resource(key + ".key.pem")) {
            Files.copy(one, certificate(), StandardCopyOption.REPLACE_EXISTING);
            Files.copy(other, key(), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static InputStream resource(String name) {
        var found = TlsTest.class.getResourceAsStream("/tls/" + name);
        if (found == null) {
            throw new AssertionError("no resource " + name);
        }
        return found;
    }

    private static HttpClient client(HttpClient.Version version) {
        return HttpClient.newBuilder().version(version).sslContext(trustingBoth()).build();
    }

    private static SSLContext trustingBoth() {
        try {
            var trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            for (var name : new String[] {"first", "second"}) {
                try (var pem = resource(name + ".crt.pem")) {
                    trusted.setCertificateEntry(
                            name, CertificateFactory.getInstance("X.509").generateCertificate(pem));
                }
            }
            var managers =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(trusted);
            var context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException failed) {
            throw new AssertionError(failed);
        }
    }

    private HttpRequest chat(String body) {
        return request("/v1/chat/completions")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private HttpRequest get(String path) {
        return request(path).GET().build();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("https://localhost:" + gateway.port() + path))
                .header("authorization", "Bearer " + KEY);
    }

    private static HttpResponse<String> send(HttpClient client, HttpRequest request) {
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
    }
}
