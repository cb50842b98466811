package sluice.upstream;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;
import sluice.call.Secret;
import sluice.loop.Loops;
import sluice.loop.Strand;

/// Small documents of others that are no targets, such as an issuer's keys. Redirects are not followed. Each host has
/// connections of its own; hosts come from the configuration, or from a document of one that does.
public final class Documents {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration TOTAL = Duration.ofSeconds(10);
    private static final int MAX_CONNECTIONS = 64;

    private final Loops loops;
    private final Map<String, Wires> hosts = new ConcurrentHashMap<>();

    public Documents(Loops loops) {
        this.loops = loops;
    }

    /// @param status whichever it was
    public record Document(int status, Bytes body) {}

    /// @param bearer sent as a bearer token; null for none
    /// @throws sluice.call.CallFailed with a {@code Failure.Upstream}, whose target is the host
    public Document get(Strand strand, URI address, @Nullable Secret bearer, int maxBytes) {
        var host = address.getScheme() + "://" + address.getRawAuthority();
        var wires = hosts.computeIfAbsent(host, this::wires);
        var mine = bearer == null ? wires : wires.with(TokenSource.fixed(bearer));
        var query = address.getRawQuery() == null ? "" : "?" + address.getRawQuery();
        var path = address.getRawPath().isEmpty() ? "/" : address.getRawPath();
        try (var transfer = mine.get(strand, path + query)) {
            int status = transfer.awaitStatus();
            return new Document(status, transfer.readAll(maxBytes));
        }
    }

    private Wires wires(String host) {
        var there =
                new Target(
                        host,
                        URI.create(host),
                        TokenSource.none(),
                        Target.TokenHeader.BEARER,
                        Map.of(),
                        new Target.Deadlines(CONNECT, TOTAL, TOTAL, TOTAL),
                        Integer.MAX_VALUE,
                        MAX_CONNECTIONS);
        return Wires.to(there, loops);
    }

    public void close() {
        hosts.values().forEach(wires -> wires.retire(Duration.ZERO));
    }
}
