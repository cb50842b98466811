package sluice.upstream.databricks;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;
import sluice.call.Dialect;
import sluice.call.Failure;
import sluice.json.NotJson;
import sluice.json.Pieces;
import sluice.loop.Loops;
import sluice.loop.Strand;
import sluice.loop.Work;

/// Fetches the images that a request names by their address and puts them into it, for surfaces that fetch none
/// themselves (facts/databricks.md section 10).
///
/// The address comes from a caller, so it may be a trap. Only https is fetched; the host is resolved first, all of its
/// addresses must be public, and the connection goes to the very address that was checked, so that a second resolution
/// cannot lead elsewhere; redirects are not followed; the bytes must be an image; size, number and time have limits. No
/// credential of ours goes along. What cannot be fetched is the caller's to mend: status 400, with the field's name and
/// never the address, which may hold a signature.
public final class InlineImages implements AutoCloseable {
    private static final int MAX_URL = 8_192;
    private static final int HTTPS = 443;
    private static final int THREADS = 8;
    private static final int WAITING = 256;

    /// How a host name becomes addresses; may block.
    @FunctionalInterface
    interface Resolver {
        List<InetAddress> addresses(String host) throws UnknownHostException;
    }

    /// Whether an address may be connected to.
    @FunctionalInterface
    interface Reach {
        boolean allows(InetAddress address, int port);
    }

    /// @param maxImages in one request
    /// @param maxBytes of one image
    /// @param deadline for all images of a request together
    public record Limits(int maxImages, int maxBytes, Duration deadline) {
        public static final Limits DEFAULT = new Limits(10, 5 << 20, Duration.ofSeconds(10));

        public Limits {
            if (maxImages < 1 || maxBytes < 1 || !deadline.isPositive()) {
                throw new IllegalArgumentException(
                        "limits of images are positive, got %d, %d, %s"
                                .formatted(maxImages, maxBytes, deadline));
            }
        }
    }

    private final HttpClientAgent client;
    private final Resolver resolver;
    private final Reach reach;
    private final Limits limits;

    /// For what would hold up a loop: resolving names, and writing megabytes of base64.
    private final ThreadPoolExecutor aside;

    public static InlineImages create(Loops loops, Limits limits) {
        return new InlineImages(
                loops.vertx(),
                options(limits),
                host -> List.of(InetAddress.getAllByName(host)),
                (address, port) -> port == HTTPS && PublicAddress.is(address),
                limits);
    }

    InlineImages(
            Vertx vertx, HttpClientOptions options, Resolver resolver, Reach reach, Limits limits) {
        this.client = vertx.createHttpClient(options);
        this.resolver = resolver;
        this.reach = reach;
        this.limits = limits;
        this.aside =
                new ThreadPoolExecutor(
                        THREADS,
                        THREADS,
                        30,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(WAITING),
                        Thread.ofPlatform().daemon().name("sluice-images-", 0).factory());
        aside.allowCoreThreadTimeOut(true);
    }

    static HttpClientOptions options(Limits limits) {
        return new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_1_1)
                .setSsl(true)
                .setVerifyHost(true)
                .setKeepAlive(false)
                .setDecompressionSupported(false)
                .setConnectTimeout((int) limits.deadline().toMillis())
                .setMaxHeaderSize(64 * 1024);
    }

    /// The request with its images inside. When it names none by an address, the only piece is the body itself.
    ///
    /// @param strand the call's own, which waits here
    /// @param untilNanos when the call's time is up, on the scale of {@link System#nanoTime}
    /// @throws sluice.call.CallFailed with {@link Failure.Malformed} when an image may not or cannot be fetched
    /// @throws NotJson when the body cannot be read
    public Pieces inline(Strand strand, Bytes body, Dialect dialect, long untilNanos)
            throws NotJson {
        if (!mayNameImages(strand, body, untilNanos)) {
            return untouched(body);
        }
        long deadline = System.nanoTime() + limits.deadline().toNanos();
        var read = aside(strand, deadline, () -> linksIn(body, dialect), "the images");
        var unreadable = read.failure();
        if (unreadable != null) {
            throw unreadable;
        }
        var links = read.links();
        if (links == null || links.links().isEmpty()) {
            return untouched(body);
        }
        if (links.links().size() > limits.maxImages()) {
            throw refused(
                    links.links().get(limits.maxImages()).place(),
                    "it is one of more than " + limits.maxImages() + " that have to be fetched");
        }
        var images = new HashMap<String, Bytes>();
        for (var link : links.links()) {
            if (!images.containsKey(link.url())) {
                images.put(link.url(), fetch(strand, link, deadline));
            }
        }
        return aside(strand, Strand.NEVER, () -> links.with(encoded(images)), "the images");
    }

    private static boolean mayNameImages(Strand strand, Bytes body, long untilNanos) {
        try (var _ = strand.aside(Work.SCAN, body.length(), untilNanos)) {
            return ImageLinks.mayBeIn(body);
        }
    }

    private record Read(@Nullable ImageLinks links, @Nullable NotJson failure) {}

    private static Read linksIn(Bytes body, Dialect dialect) {
        try {
            return new Read(ImageLinks.read(body, dialect), null);
        } catch (NotJson not) {
            return new Read(null, not);
        }
    }

    private Bytes fetch(Strand strand, ImageLinks.Link link, long deadline) {
        var uri = checked(link);
        int port = uri.getPort() < 0 ? HTTPS : uri.getPort();
        var addresses = aside(strand, deadline, () -> resolved(uri.getHost()), link.place());
        if (addresses.isEmpty()) {
            throw refused(link.place(), "its host name cannot be resolved");
        }
        if (!addresses.stream().allMatch(address -> reach.allows(address, port))) {
            throw refused(
                    link.place(), "its host is not on the public internet, or its port is not 443");
        }
        var fetch =
                new ImageFetch(strand, client, uri, port, addresses.getFirst(), limits.maxBytes());
        try {
            strand.onLoop(fetch::begin);
            if (!strand.await(fetch::isOver, deadline)) {
                throw tooSlow(link.place());
            }
        } finally {
            strand.onLoop(fetch::close);
        }
        var failure = fetch.failure();
        if (failure != null) {
            throw refused(link.place(), failure);
        }
        var image = fetch.bytes();
        if (ImageType.of(image).isEmpty()) {
            throw refused(link.place(), "it is not a PNG, JPEG, GIF or WebP image");
        }
        return image;
    }

    private static URI checked(ImageLinks.Link link) {
        if (link.url().length() > MAX_URL) {
            throw refused(link.place(), "its address is longer than " + MAX_URL + " characters");
        }
        URI uri;
        try {
            uri = new URI(link.url());
        } catch (URISyntaxException not) {
            throw refused(link.place(), "its address cannot be read");
        }
        if (!"https".equalsIgnoreCase(uri.getScheme())) {
            throw refused(link.place(), "only https is fetched");
        }
        if (uri.getHost() == null || uri.getHost().isEmpty() || uri.getRawUserInfo() != null) {
            throw refused(link.place(), "its address must hold a host, and no user name");
        }
        return uri;
    }

    private List<InetAddress> resolved(String host) {
        try {
            return resolver.addresses(host);
        } catch (UnknownHostException unknown) {
            return List.of();
        }
    }

    private Map<String, ImageLinks.Inlined> encoded(Map<String, Bytes> images) {
        var encoded = new HashMap<String, ImageLinks.Inlined>();
        images.forEach((url, image) ->
                encoded.put(
                        url,
                        new ImageLinks.Inlined(
                                ImageType.of(image).orElseThrow().mediaType(),
                                Base64.getEncoder().encodeToString(image.copy()))));
        return encoded;
    }

    /// What came of work that was done aside.
    private record Done<T>(@Nullable T value, @Nullable Throwable fault) {}

    /// Does work that would hold up the loop elsewhere, and waits for it here.
    private <T> T aside(Strand strand, long deadline, Supplier<T> work, String place) {
        var done = new AtomicReference<@Nullable Done<T>>();
        try {
            aside.execute(() -> {
                try {
                    done.set(new Done<>(work.get(), null));
                } catch (RuntimeException | Error fault) {
                    done.set(new Done<>(null, fault)); // an Error too: somebody waits for it
                }
                strand.wake();
            });
        } catch (RejectedExecutionException full) {
            throw refused(place, "too many images are being fetched at this moment; try again");
        }
        if (!strand.await(() -> done.get() != null, deadline)) {
            throw tooSlow(place);
        }
        var came = Objects.requireNonNull(done.get());
        switch (came.fault()) {
            case RuntimeException fault -> throw fault;
            case Error fault -> throw new IllegalStateException("the images took too much", fault);
            case null, default -> {}
        }
        return Objects.requireNonNull(came.value());
    }

    private RuntimeException tooSlow(String place) {
        return refused(place, "it did not come within " + limits.deadline().toMillis() + " ms");
    }

    private static RuntimeException refused(String place, String why) {
        return new Failure.Malformed(
                        "The image at '"
                                + place
                                + "' cannot be fetched: "
                                + why
                                + ". Send it inside the request instead.",
                        place)
                .asException();
    }

    private static Pieces untouched(Bytes body) {
        return new Pieces(List.of(body), body.length());
    }

    @Override
    public void close() {
        aside.shutdownNow();
        client.close();
    }
}
