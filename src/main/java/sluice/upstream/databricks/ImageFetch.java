package sluice.upstream.databricks;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;
import sluice.loop.Strand;
import sluice.loop.Wire;

/// One image on its way here: a connection of its own, to an address that has been checked. Runs on the loop; the
/// strand looks at the end.
final class ImageFetch {
    private static final String ACCEPTED = "image/png, image/jpeg, image/gif, image/webp";

    private final Strand strand;
    private final HttpClientAgent client;
    private final URI uri;
    private final int port;
    private final InetAddress address;
    private final int maxBytes;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private volatile boolean over;
    private volatile @Nullable String failure;
    private @Nullable HttpClientConnection connection;
    private boolean closed;

    ImageFetch(
            Strand strand,
            HttpClientAgent client,
            URI uri,
            int port,
            InetAddress address,
            int maxBytes) {
        this.strand = strand;
        this.client = client;
        this.uri = uri;
        this.port = port;
        this.address = address;
        this.maxBytes = maxBytes;
    }

    boolean isOver() {
        return over;
    }

    /// Why there is no image, or null. After {@link #isOver}.
    @Nullable String failure() {
        return failure;
    }

    Bytes bytes() {
        return Bytes.of(body.toByteArray());
    }

    // ---- on the loop ----

    void begin() {
        try {
            // the name is for TLS and the host header; where the connection goes is the checked
            // address
            client.connect(
                            new HttpConnectOptions()
                                    .setServer(
                                            SocketAddress.inetSocketAddress(
                                                    new InetSocketAddress(address, port)))
                                    .setHost(uri.getHost())
                                    .setPort(port)
                                    .setSsl(true))
                    .onSuccess(this::open)
                    .onFailure(_ ->
                            fail("its server cannot be reached, or its certificate does not hold"));
        } catch (RuntimeException fault) {
            fail("its address cannot be read");
        }
    }

    private void open(HttpClientConnection opened) {
        connection = opened;
        if (closed) {
            opened.close();
            return;
        }
        opened.request(
                        new RequestOptions()
                                .setMethod(HttpMethod.GET)
                                .setHost(uri.getHost())
                                .setPort(port)
                                .setFollowRedirects(false)
                                .setURI(path()))
                .onSuccess(this::send)
                .onFailure(_ -> fail("its server broke off"));
    }

    private String path() {
        var path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
    }

    private void send(HttpClientRequest request) {
        request.putHeader(HttpHeaders.ACCEPT, ACCEPTED)
                .putHeader(HttpHeaders.ACCEPT_ENCODING, HttpHeaders.IDENTITY)
                .putHeader(HttpHeaders.USER_AGENT, "sluice/0.1.0");
        request.exceptionHandler(_ -> fail("its server broke off"));
        request.response().onSuccess(this::receive).onFailure(_ -> fail("its server broke off"));
        request.end();
    }

    private void receive(HttpClientResponse head) {
        var problem = problem(head);
        if (problem != null) {
            fail(problem);
            return;
        }
        head.handler(this::read);
        head.exceptionHandler(_ -> fail("its server broke off"));
        head.endHandler(_ -> end());
    }

    private @Nullable String problem(HttpClientResponse head) {
        int status = head.statusCode();
        if (status >= 300 && status < 400) {
            return "its server redirects (status " + status + "), which is never followed";
        }
        if (status != 200) {
            return "its server answers with status " + status;
        }
        var encoding = head.getHeader(HttpHeaders.CONTENT_ENCODING);
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            return "it comes compressed, although that was not offered";
        }
        var length = head.getHeader(HttpHeaders.CONTENT_LENGTH);
        return length != null && length.length() > 18 ? tooLarge() : null;
    }

    private void read(Buffer chunk) {
        var bytes = Wire.bytes(chunk);
        if (over) {
            return;
        }
        if (body.size() + (long) bytes.length() > maxBytes) {
            fail(tooLarge());
            return;
        }
        body.write(bytes.array(), bytes.from(), bytes.length());
    }

    private String tooLarge() {
        return "it is larger than " + maxBytes + " bytes";
    }

    private void end() {
        over = true;
        strand.wake();
    }

    private void fail(String why) {
        if (!over) {
            failure = why;
            over = true;
            strand.wake();
        }
        close();
    }

    void close() {
        closed = true;
        if (connection != null) {
            connection.close();
        }
    }
}
