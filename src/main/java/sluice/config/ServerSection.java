package sluice.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import sluice.call.Bytes;
import sluice.call.Secret;
import sluice.config.ServerConfig.ListenAddress;
import sluice.config.ServerConfig.Tls;

/// {@code server}: the listener and its limits.
final class ServerSection {
    private static final int MAX_PEM_BYTES = 1024 * 1024;

    private static final Key<ListenAddress> LISTEN =
            Key.defaulting(
                    "listen",
                    new Text(
                                    "host:port, such as 127.0.0.1:8080, 0.0.0.0:8080 or [::1]:8080",
                                    Pattern.compile(
                                            "([A-Za-z0-9.-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}\\]):[0-9]{1,5}"))
                            .then(ServerSection::address),
                    "127.0.0.1:8080",
                    "where callers connect, host:port; port 0 takes a free one");
    private static final Key<Long> MAX_BODY =
            Key.defaulting(
                    "max_body_bytes",
                    new Whole(1, 1L << 30),
                    64L * 1024 * 1024,
                    "how large a request's body may be");
    private static final Key<Integer> MAX_HEADER =
            Key.defaulting(
                    "max_header_bytes",
                    Whole.small(1024, 1024 * 1024),
                    64L * 1024,
                    "how large a request's headers may be together");
    private static final Key<Duration> HEAD_TIMEOUT =
            Key.defaulting(
                    "head_timeout_seconds",
                    Whole.seconds(1, 3600),
                    10L,
                    "how long a caller may take to send a request's headers");
    private static final Key<Duration> BODY_TIMEOUT =
            Key.defaulting(
                    "body_timeout_seconds",
                    Whole.seconds(1, 86_400),
                    300L,
                    "how long a caller may take to send a request's whole body");
    private static final Key<Duration> IDLE_TIMEOUT =
            Key.defaulting(
                    "idle_timeout_seconds",
                    Whole.seconds(1, 86_400),
                    120L,
                    "how long a caller's connection may be silent");
    private static final Key<Integer> MAX_CONNECTIONS =
            Key.defaulting(
                    "max_connections",
                    Whole.small(1, 1_000_000),
                    10_000L,
                    "how many callers may be connected at once");
    private static final Key<Duration> COMMENT =
            Key.defaulting(
                    "keep_alive_comment_seconds",
                    Whole.seconds(1, 3600),
                    15L,
                    "how long a stream may be silent before a comment line keeps it open");
    private static final Key<Duration> DRAIN =
            Key.defaulting(
                    "drain_seconds",
                    Whole.seconds(1, 3600),
                    30L,
                    "how long running calls may finish after a stop");
    private static final Key<Integer> LOOPS =
            Key.defaulting(
                    "event_loops",
                    Whole.small(0, 1024),
                    0L,
                    "how many event loops serve the connections; 0 is one per processor");
    private static final Key<Integer> WORKERS =
            Key.defaulting(
                    "workers",
                    Whole.small(0, 1024),
                    0L,
                    "how many threads beside the event loops work at large calls; 0 is one for every two processors");
    private static final Key<Path> CERTIFICATE =
            Key.optional("certificate", FilePath.SHAPE, "the certificate chain, a PEM file");
    private static final Key<Path> PRIVATE_KEY =
            Key.optional("key", FilePath.SHAPE, "the certificate's private key, a PEM file");
    private static final Key<Tls> TLS =
            Key.optional(
                    "tls",
                    new Section<>(
                                    "tls",
                                    List.of(CERTIFICATE, PRIVATE_KEY),
                                    Set.of(),
                                    ServerSection::bothHalves,
                                    half -> new Files(half))
                            .then((files, _, reading) -> files.read(reading)),
                    "the listener's certificate and key; plain HTTP without it");

    static final Section<ServerConfig> SECTION =
            new Section<>(
                    "server",
                    List.of(
                            LISTEN,
                            MAX_BODY,
                            MAX_HEADER,
                            HEAD_TIMEOUT,
                            BODY_TIMEOUT,
                            IDLE_TIMEOUT,
                            MAX_CONNECTIONS,
                            COMMENT,
                            DRAIN,
                            LOOPS,
                            WORKERS,
                            TLS),
                    Set.of(),
                    _ -> {},
                    server ->
                            new ServerConfig(
                                    server.the(LISTEN),
                                    server.the(MAX_BODY),
                                    server.the(MAX_HEADER),
                                    server.the(HEAD_TIMEOUT),
                                    server.the(BODY_TIMEOUT),
                                    server.the(IDLE_TIMEOUT),
                                    server.the(MAX_CONNECTIONS),
                                    server.the(COMMENT),
                                    server.the(DRAIN),
                                    server.the(LOOPS),
                                    server.the(WORKERS),
                                    server.find(TLS).orElseGet(Tls.Off::new)));

    private ServerSection() {}

    private static Optional<ListenAddress> address(String text, Place place, Reading reading) {
        int colon = text.lastIndexOf(':');
        var host = text.substring(0, colon).replaceAll("[\\[\\]]", "");
        int port = Integer.parseInt(text.substring(colon + 1));
        if (port > 65_535) {
            reading.fault(place, "expected a port from 0 to 65535, got " + port);
            return Optional.empty();
        }
        return Optional.of(new ListenAddress(host, port));
    }

    private static void bothHalves(Fields tls) {
        if (!tls.given(CERTIFICATE)) {
            tls.fault(CERTIFICATE, "missing: TLS needs a certificate and its key");
        }
        if (!tls.given(PRIVATE_KEY)) {
            tls.fault(PRIVATE_KEY, "missing: TLS needs a certificate and its key");
        }
    }

    /// The two files once both are named; reading them is the step after.
    private record Files(Path certificate, Place certificatePlace, Path key, Place keyPlace) {
        Files(Fields tls) {
            this(
                    tls.the(CERTIFICATE),
                    tls.place(CERTIFICATE),
                    tls.the(PRIVATE_KEY),
                    tls.place(PRIVATE_KEY));
        }

        Optional<Tls> read(Reading reading) {
            var chain = pem(certificate, "BEGIN CERTIFICATE", certificatePlace, reading);
            var secret = pem(key, "PRIVATE KEY", keyPlace, reading);
            if (chain.isEmpty() || secret.isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(
                    new Tls.Pem(
                            certificate, key, Bytes.utf8(chain.get()), new Secret(secret.get())));
        }

        private static Optional<String> pem(Path file, String mark, Place place, Reading reading) {
            var named = Discretion.quote(file.toString());
            try {
                var text =
                        new String(
                                reading.sources().read(file, MAX_PEM_BYTES),
                                StandardCharsets.US_ASCII);
                if (!text.contains(mark)) {
                    reading.fault(place, named + " is not a PEM file with " + mark + " in it");
                    return Optional.empty();
                }
                if (text.contains("ENCRYPTED")) {
                    reading.fault(
                            place,
                            named
                                    + " is encrypted, which is not supported; decrypt it and keep it in a"
                                    + " file that only the gateway can read");
                    return Optional.empty();
                }
                return Optional.of(text);
            } catch (IOException why) {
                reading.fault(place, named + " " + why.getMessage());
                return Optional.empty();
            }
        }
    }
}
