package sluice.upstream.databricks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.call.Bytes;
import sluice.call.CallFailed;
import sluice.call.Dialect;
import sluice.call.Failure;
import sluice.json.NotJson;
import sluice.json.Pieces;
import sluice.loop.Carrier;
import sluice.loop.Loops;
import sluice.loop.Strand;
import sluice.loop.Work;
import tools.jackson.databind.json.JsonMapper;

@Timeout(60)
class InlineImagesTest {
    private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 1};
    private static final String PNG_BASE64 = "iVBORw0KGgoB";
    private static final String FIELD = "messages[0].content[0].image_url.url";
    private static final JsonMapper JSON = new JsonMapper();
    private static final InlineImages.Limits LIMITS =
            new InlineImages.Limits(3, 1_000, Duration.ofSeconds(10));

    private final Loops loops = Loops.start(1, 1, Carrier.open());
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<String> resolved = new CopyOnWriteArrayList<>();
    private HttpServer server = loops.vertx().createHttpServer(serverOptions());

    @BeforeEach
    void start() {
        server =
                server.requestHandler(this::answer)
                        .listen(0, "127.0.0.1")
                        .toCompletionStage()
                        .toCompletableFuture()
                        .join();
    }

    @AfterEach
    void stop() {
        loops.close();
    }

    private static HttpServerOptions serverOptions() {
        return new HttpServerOptions()
                .setSsl(true)
                .setKeyCertOptions(
                        new PemKeyCertOptions()
                                .setCertPath("src/test/resources/tls/first.crt.pem")
                                .setKeyPath("src/test/resources/tls/first.key.pem"));
    }

    private void answer(HttpServerRequest request) {
        asked.add(request.uri() + " " + request.getHeader("authorization"));
        var response = request.response();
        switch (request.path()) {
            case "/image" -> response.end(Buffer.buffer(PNG));
            case "/redirect" -> response.setStatusCode(302).putHeader("location", "/image").end();
            case "/large" -> response.end(Buffer.buffer(PNG).appendBytes(new byte[1_000]));
            case "/endless" -> {
                response.setChunked(true).write(Buffer.buffer(PNG));
                response.write(Buffer.buffer(new byte[2_000]));
            }
            case "/html" -> response.putHeader("content-type", "image/png").end("<html></html>");
            case "/zipped" ->
                    response.putHeader("content-encoding", "gzip").end(Buffer.buffer(PNG));
            case "/cut" -> {
                response.putHeader("content-length", "100").write(Buffer.buffer(PNG));
                request.connection().close();
            }
            case "/silent" -> {}
            default -> response.setStatusCode(404).end();
        }
    }

    @Test
    void anImageOfAChatIsPutInsideTheRequest() throws NotJson {
        var sent =
                inline(
                        Dialect.CHAT,
                        """
                        {"model": "m", "x": 1.50, "messages": [{"role": "user", "content": [{"type": "text", "text": "what?"},
                          {"type": "image_url", "image_url": {"url": "%s", "detail": "low"}}]}]}\
                        """
                                .formatted(url("/image?sig=a%2Fb")));

        assertThat(sent.utf8()).startsWith("{\"model\": \"m\", \"x\": 1.50, ");
        assertThat(JSON.readTree(sent.utf8()).at("/messages/0/content/1/image_url"))
                .isEqualTo(
                        JSON.readTree(
                                "{\"url\":\"data:image/png;base64,"
                                        + PNG_BASE64
                                        + "\",\"detail\":\"low\"}"));
        assertThat(asked).containsExactly("/image?sig=a%2Fb null");
    }

    @Test
    void anImageOfMessagesIsPutInsideTheRequest() throws NotJson {
        var sent =
                inline(
                        Dialect.MESSAGES,
                        """
                        {"messages": [{"role": "user", "content": [{"type": "tool_result", "content": [
                          {"type": "image", "source": {"type": "url", "url": "%s"}, "cache_control": {"type": "ephemeral"}}]}]}]}\
                        """
                                .formatted(url("/image")));

        assertThat(JSON.readTree(sent.utf8()).at("/messages/0/content/0/content/0"))
                .isEqualTo(
                        JSON.readTree(
                                """
                                {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "%s"},
                                 "cache_control": {"type": "ephemeral"}}\
                                """
                                        .formatted(PNG_BASE64)));
    }

    @Test
    void anImageOfResponsesIsPutInsideTheRequest() throws NotJson {
        var sent =
                inline(
                        Dialect.RESPONSES,
                        """
                        {"input": [{"role": "user", "content": [{"type": "input_image", "image_url": "%s"}]}]}\
                        """
                                .formatted(url("/image")));

        assertThat(JSON.readTree(sent.utf8()).at("/input/0/content/0/image_url").stringValue())
                .isEqualTo("data:image/png;base64," + PNG_BASE64);
    }

    @Test
    void theSameImageIsFetchedOnce() throws NotJson {
        inline(Dialect.CHAT, chat(url("/image"), url("/image"), url("/image")));

        assertThat(asked).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = Dialect.class,
            names = {"CHAT", "MESSAGES", "RESPONSES"})
    void aRequestWithoutSuchImagesIsTheSameBytes(Dialect dialect) throws NotJson {
        for (var text :
                List.of(
                        "{\"messages\":[{\"content\":\"see \\\"url\\\":\\\"https://x\"}]}",
                        "{\"messages\":[{\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,AA==\"}}]}]}",
                        "{\"tools\":[{\"url\":\"https://x\"}],\"messages\":\"none\",\"input\":\"none\"}")) {
            var body = Bytes.utf8(text);

            assertThat(run(local(), dialect, body).inOrder()).singleElement().isSameAs(body);
        }
        assertThat(resolved).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/redirect, which is never followed",
        "/missing, status 404",
        "/large, larger than 1000 bytes",
        "/endless, larger than 1000 bytes",
        "/html, not a PNG",
        "/zipped, compressed",
        "/cut, broke off"
    })
    void whatIsNoImageIsRefusedWithTheNameOfItsField(String path, String why) {
        refused(local(), url(path), why);
    }

    @Test
    void anImageThatDoesNotComeIsNotWaitedForLongerThanAllowed() {
        var brief = new InlineImages.Limits(3, 1_000, Duration.ofMillis(200));
        var impatient = images(trusting(brief), brief, "localhost");

        refused(impatient, url("/silent"), "did not come within 200 ms");
    }

    @Test
    void aFaultOfTheMachineIsNotWaitedFor() {
        var exhausted =
                new InlineImages(
                        loops.vertx(),
                        trusting(LIMITS),
                        _ -> {
                            throw new OutOfMemoryError("for this test");
                        },
                        (_, _) -> true,
                        LIMITS);

        assertThatThrownBy(() -> run(exhausted, Dialect.CHAT, Bytes.utf8(chat(url("/image")))))
                .isInstanceOf(IllegalStateException.class)
                .hasRootCauseInstanceOf(OutOfMemoryError.class);
    }

    @Test
    void countlessTinyValuesAreNotSearchedForImages() {
        var body =
                "{\"messages\":[{\"content\":[{\"url\":\"https://x\"}"
                        + ",{}".repeat(ImageLinks.MOST_TOKENS / 2)
                        + "]}]}";

        assertThatThrownBy(() -> inline(Dialect.CHAT, body))
                .hasMessageContaining("more than 1000000 names, values and brackets");
    }

    @Test
    void onlyAFewImagesAreFetched() {
        assertThatThrownBy(() ->
                        inline(Dialect.CHAT, chat(url("/a"), url("/b"), url("/c"), url("/d"))))
                .isInstanceOfSatisfying(
                        CallFailed.class,
                        failed ->
                                assertThat(((Failure.Malformed) failed.failure()).param())
                                        .isEqualTo("messages[0].content[3].image_url.url"));
        assertThat(asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost/image",
                "https://user@localhost/image",
                "https:///image",
                "https://a b/",
                "httpsx://localhost/"
            })
    void anAddressThatIsNotPlainHttpsIsNotResolved(String url) {
        refused(local(), url, "cannot be fetched");
        assertThat(resolved).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "10.0.0.7",
                "169.254.169.254",
                "[::1]",
                "[fd00:ec2::254]",
                "2130706433",
                "localhost"
            })
    void noAddressInsideIsEverConnectedTo(String host) {
        var real =
                new InlineImages(
                        loops.vertx(),
                        trusting(LIMITS),
                        name -> List.of(InetAddress.getAllByName(name)),
                        (address, port) -> PublicAddress.is(address),
                        LIMITS);

        refused(real, "https://" + host + ":" + server.actualPort() + "/image", "");
        assertThat(asked).isEmpty();
    }

    @Test
    void onePrivateAddressAmongPublicOnesIsEnoughToRefuse() {
        var mixed =
                new InlineImages(
                        loops.vertx(),
                        trusting(LIMITS),
                        _ ->
                                List.of(
                                        InetAddress.getByName("8.8.8.8"),
                                        InetAddress.getByName("10.0.0.1")),
                        (address, _) -> PublicAddress.is(address),
                        LIMITS);

        refused(mixed, "https://images.example/image", "not on the public internet");
    }

    @Test
    void theConnectionGoesToTheAddressThatWasChecked() throws NotJson {
        // The name exists nowhere else, so only the address that was given for it can have led to
        // the server.
        var url = "https://images.invalid:" + server.actualPort() + "/image";
        var anyCertificate = trusting(LIMITS).setVerifyHost(false);

        var sent =
                run(
                        images(anyCertificate, LIMITS, "images.invalid"),
                        Dialect.CHAT,
                        Bytes.utf8(chat(url)));

        assertThat(sent.joined().utf8()).contains(PNG_BASE64);
        assertThat(resolved).containsExactly("images.invalid");
    }

    @Test
    void theCertificateMustBeThatOfTheNameInTheAddress() {
        var url = "https://images.invalid:" + server.actualPort() + "/image";

        refused(images(trusting(LIMITS), LIMITS, "images.invalid"), url, "certificate");
        assertThat(asked).isEmpty();
    }

    @Test
    void onlyThePortOfHttpsIsReached() {
        var product = InlineImages.create(loops, LIMITS);

        refused(product, "https://8.8.8.8:8443/image", "port is not 443");
    }

    @Test
    void aNameThatDoesNotExistIsSaid() {
        refused(local(), "https://nowhere.invalid/image", "cannot be resolved");
    }

    /// A worker looks through a large request, and nobody waits for it beyond the call's own time.
    @Test
    void aLargeRequestWaitsForAWorkerNoLongerThanItsCallMay() throws InterruptedException {
        var body = Bytes.utf8("{\"messages\": \"" + "a".repeat(1 << 20) + "\"}");
        var there = new CountDownLatch(1);
        var over = new AtomicBoolean();
        var loop = loops.all().getFirst();
        loop.execute(() ->
                loop.strand(
                                strand -> {
                                    try (var _ = strand.aside(Work.SCAN, 1L << 30, Strand.NEVER)) {
                                        there.countDown();
                                        while (!over.get()) {
                                            Thread.onSpinWait();
                                        }
                                    }
                                })
                        .start());
        assertThat(there.await(20, TimeUnit.SECONDS)).isTrue();
        try {
            assertThatThrownBy(() -> run(local(), Dialect.CHAT, body, System.nanoTime()))
                    .isInstanceOfSatisfying(
                            CallFailed.class,
                            failed ->
                                    assertThat(failed.failure()).isInstanceOf(Failure.Busy.class));
        } finally {
            over.set(true);
        }
        assertThat(run(local(), Dialect.CHAT, body).joined()).isEqualTo(body);
    }

    private void refused(InlineImages images, String url, String why) {
        assertThatThrownBy(() -> run(images, Dialect.CHAT, Bytes.utf8(chat(url))))
                .isInstanceOfSatisfying(
                        CallFailed.class,
                        failed -> {
                            assertThat(failed.failure()).isInstanceOf(Failure.Malformed.class);
                            assertThat(((Failure.Malformed) failed.failure()).param())
                                    .isEqualTo(FIELD);
                            assertThat(failed.getMessage())
                                    .contains(FIELD)
                                    .contains(why)
                                    .doesNotContain("localhost", "127.0.0.1");
                        });
    }

    private static String chat(String... urls) {
        return IntStream.range(0, urls.length)
                .mapToObj(
                        i -> "{\"type\":\"image_url\",\"image_url\":{\"url\":\"" + urls[i] + "\"}}")
                .collect(Collectors.joining(",", "{\"messages\":[{\"content\":[", "]}]}"));
    }

    private String url(String path) {
        return "https://localhost:" + server.actualPort() + path;
    }

    private Bytes inline(Dialect dialect, String body) throws NotJson {
        return run(local(), dialect, Bytes.utf8(body)).joined();
    }

    private Pieces run(InlineImages images, Dialect dialect, Bytes body) {
        return run(images, dialect, body, Strand.NEVER);
    }

    private Pieces run(InlineImages images, Dialect dialect, Bytes body, long untilNanos) {
        return ListedWorkspace.on(
                loops,
                strand -> {
                    try {
                        return images.inline(strand, body, dialect, untilNanos);
                    } catch (NotJson not) {
                        throw new IllegalStateException(not);
                    }
                });
    }

    private InlineImages local() {
        return images(trusting(LIMITS), LIMITS, "localhost");
    }

    /// Knows one name, which is this machine, and reaches it.
    private InlineImages images(
            HttpClientOptions options, InlineImages.Limits limits, String known) {
        return new InlineImages(
                loops.vertx(),
                options,
                host -> {
                    resolved.add(host);
                    if (!host.equals(known)) {
                        throw new UnknownHostException(host);
                    }
                    return List.of(InetAddress.getLoopbackAddress());
                },
                (_, _) -> true,
                limits);
    }

    private static HttpClientOptions trusting(InlineImages.Limits limits) {
        return InlineImages.options(limits)
                .setTrustOptions(
                        new PemTrustOptions().addCertPath("src/test/resources/tls/first.crt.pem"));
    }
}
