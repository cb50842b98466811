package sluice.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String LIST = "/api/2.0/serving-endpoints";

    private final Simulator simulator = Simulator.start(0);
    private final Caller caller = new Caller(simulator);

    @AfterEach
    void stop() {
        caller.close();
        simulator.close();
    }

    @Test
    void aConnectionIsKeptForTheNextRequest() {
        for (int i = 0; i < 5; i++) {
            caller.chat("sim-normal", "Hi", i % 2 == 0);
        }

        assertThat(simulator.recording().acceptedConnections()).isEqualTo(1);
        assertThat(simulator.recording().requestCount()).isEqualTo(5);
    }

    @Test
    void requestsSentTogetherAreAnsweredInTurn() throws IOException {
        var two =
                caller.rawChat("sim-normal;say=first", false)
                        + caller.rawChat("sim-normal;say=second", true, "connection: close");
        try (var socket = caller.raw(two)) {
            var answers = Caller.rest(socket.getInputStream());

            assertThat(answers)
                    .containsSubsequence("\"first\"", "HTTP/1.1 200", "second", "[DONE]");
        }
    }

    @Test
    void aRequestSentDuringAPauseWaitsItsTurn() throws IOException {
        var two =
                caller.rawChat("sim-paced;frames=3;interval=20", true)
                        + caller.rawChat("sim-normal;say=second", false, "connection: close");
        try (var socket = caller.raw(two)) {
            assertThat(Caller.rest(socket.getInputStream()))
                    .containsSubsequence("[DONE]", "HTTP/1.1 200", "\"second\"");
        }
    }

    @Test
    void aBodyMayComeInChunks() {
        var body = Caller.body("sim-normal", "In chunks", false).getBytes(StandardCharsets.UTF_8);
        var request =
                caller.request("/serving-endpoints/chat/completions")
                        .POST(
                                HttpRequest.BodyPublishers.fromPublisher(
                                        HttpRequest.BodyPublishers.ofByteArray(body)))
                        .build();

        var reply = caller.send(request);

        assertThat(reply.statusCode()).isEqualTo(200);
        var seen = simulator.recording().requests(request.uri().getPath()).getFirst();
        assertThat(seen.header("transfer-encoding")).isEqualTo("chunked");
        assertThat(seen.body()).isEqualTo(body);
    }

    @Test
    void aCallerThatAsksFirstIsToldToContinue() throws IOException {
        try (var socket =
                caller.raw(
                        """
                        POST /serving-endpoints/chat/completions HTTP/1.1
                        authorization: Bearer simulator-token
                        expect: 100-continue
                        connection: close
                        transfer-encoding: chunked

                        """)) {
            var in = socket.getInputStream();
            assertThat(new String(in.readNBytes(25), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");

            var body = Caller.body("sim-normal", "Hi", false);
            var chunks =
                    Integer.toHexString(body.length())
                            + ";x=y\r\n"
                            + body
                            + "\r\n0\r\na: b\r\n\r\n";
            socket.getOutputStream().write(chunks.getBytes(StandardCharsets.US_ASCII));

            assertThat(Caller.rest(in)).startsWith("HTTP/1.1 200 OK\r\n");
        }
    }

    @Test
    void whatIsNotHttpIsRefused() throws IOException {
        for (var nonsense :
                new String[] {
                    "hello\r\n\r\n",
                    "GET / HTTP/1.1\r\nno colon\r\n\r\n",
                    "POST / HTTP/1.1\r\ncontent-length: many\r\n\r\n",
                    "GET / HTTP/1.1\r\nx: " + "y".repeat(1 << 17) + "\r\n\r\n"
                }) {
            try (var socket = caller.raw(nonsense)) {
                assertThat(head(socket.getInputStream())).startsWith("HTTP/1.1 400 Bad Request");
            }
        }
        assertThat(simulator.recording().requestCount()).isZero();
    }

    @Test
    void requestsAreRememberedAsTheyCame() {
        caller.post(
                "/serving-endpoints/chat/completions?a=b", "{}", "X-Twice", "1", "X-Twice", "2");

        var seen = simulator.recording().requests("/serving-endpoints/chat/completions").getFirst();
        assertThat(seen.method()).isEqualTo("POST");
        assertThat(seen.query()).isEqualTo("a=b");
        assertThat(seen.headers().get("x-twice")).containsExactly("1", "2");
        assertThat(seen.header("authorization")).isEqualTo("Bearer simulator-token");
        assertThat(seen.text()).isEqualTo("{}");
    }

    @Test
    void onlyTheLatestRequestsAreRemembered() {
        try (var small = Simulator.start(0, Settings.standard().withRecorded(2));
                var other = new Caller(small)) {
            other.get(LIST + "/a");
            other.get(LIST + "/b");
            other.get(LIST + "/c");

            assertThat(small.recording().seen())
                    .extracting(seen -> seen.request().path())
                    .containsExactly(LIST + "/b", LIST + "/c");
            assertThat(small.recording().requestCount()).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 1000})
    void aCallerWhoLeavesAStreamIsNoticed(int interval) throws IOException {
        var model = Behaviour.PACED.model("frames=100000", "interval=" + interval);
        try (var socket = caller.raw(caller.rawChat(model, true))) {
            assertThat(head(socket.getInputStream())).contains("text/event-stream");
            simulator.recording().awaitOpenRequests(1, PATIENCE);
        }

        simulator.recording().awaitAborted(1, PATIENCE);
        simulator.recording().awaitOpenConnections(0, PATIENCE);
        assertThat(simulator.recording().seen().getFirst().outcome())
                .isEqualTo(Recording.Outcome.ABORTED);
    }

    @Test
    void aCallerWhoLeavesBeforeTheStatusLineIsNoticed() {
        var client = HttpClient.newHttpClient();
        var left =
                client.sendAsync(
                        HttpRequest.newBuilder(URI.create(simulator.host() + LIST))
                                .header("authorization", "Bearer simulator-token")
                                .header(Behaviour.HEADER, "slow;delay=600000")
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        simulator.recording().awaitOpenRequests(1, PATIENCE);

        client.shutdownNow();

        simulator.recording().awaitAborted(1, PATIENCE);
        client.close();
        assertThatThrownBy(left::join).hasCauseInstanceOf(IOException.class);
    }

    @Test
    void whatIsAwaitedInVainIsSaid() {
        assertThatThrownBy(() -> simulator.recording().awaitRequests(3, Duration.ofMillis(5)))
                .hasMessage("waited 5 ms for 3 requests, saw 0");
    }

    @Test
    void aThousandStreamsRunSideBySide() throws Exception {
        int streams = 1000;
        var all = new CountDownLatch(streams);
        var results = new ArrayList<Future<String>>();
        var request = caller.rawChat("sim-paced;frames=10;interval=20;first=500", true);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<String> stream =
                    () -> {
                        try (var socket = caller.raw(request)) {
                            all.countDown();
                            all.await();
                            return readStream(socket.getInputStream());
                        }
                    };
            for (int i = 0; i < streams; i++) {
                results.add(threads.submit(stream));
            }
            for (var result : results) {
                assertThat(result.get()).endsWith("data: [DONE]\n\n\r\n0\r\n\r\n");
            }
        }
        assertThat(simulator.recording().acceptedConnections()).isEqualTo(streams);
        simulator.recording().awaitOpenConnections(0, PATIENCE);
        assertThat(simulator.recording().abortedRequests()).isZero();
    }

    @Test
    void closingEndsEveryConnectionAndEveryThread(@TempDir Path folder) throws IOException {
        var doomed = Simulator.start(0);
        try (var idle = open(doomed);
                var silent = open(doomed)) {
            var request = caller.rawChat("sim-silent", true).getBytes(StandardCharsets.UTF_8);
            silent.getOutputStream().write(request);
            doomed.recording().awaitOpenRequests(1, PATIENCE);
            doomed.recording().awaitOpenConnections(2, PATIENCE);

            int port = doomed.port();
            doomed.close();
            simulator.close();

            assertThat(idle.getInputStream().read()).isEqualTo(-1);
            assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
                    .isInstanceOf(IOException.class);
            assertThat(doomed.recording().openConnections()).isZero();
            assertThat(threads(folder)).doesNotContain("simulator-");
        }
    }

    @Test
    void aClosedSimulatorLeavesItsPortFree() {
        int port = simulator.port();
        simulator.close();

        try (var next = Simulator.start(port)) {
            assertThat(next.port()).isEqualTo(port);
            assertThatThrownBy(() -> Simulator.start(port))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessage("the simulator cannot listen on 127.0.0.1:" + port);
        }
    }

    private static Socket open(Simulator at) throws IOException {
        var socket = new Socket(at.settings().address(), at.port());
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static String head(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            assertThat(next).as("the answer ended after %s", head).isNotNegative();
            head.append((char) next);
        }
        return head.toString();
    }

    private static String readStream(InputStream in) throws IOException {
        var buffer = new byte[8192];
        var seen = new StringBuilder();
        while (seen.lastIndexOf("\r\n0\r\n\r\n") < 0) {
            int count = in.read(buffer);
            if (count < 0) {
                break;
            }
            seen.append(new String(buffer, 0, count, StandardCharsets.UTF_8));
        }
        return seen.toString();
    }

    /// The names of all threads, virtual ones too.
    private static String threads(Path folder) throws IOException {
        var file = folder.resolve("threads.txt");
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .dumpThreads(file.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.TEXT_PLAIN);
        return Files.readString(file);
    }
}
