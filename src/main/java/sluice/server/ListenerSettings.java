package sluice.server;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;
import sluice.call.Secret;

/// The listener's address and limits. Each limit is a setting of the configuration's {@code server} section, and its
/// refusal names it.
public record ListenerSettings(
        String host,
        int port,
        long maxBodyBytes,
        int maxHeaderBytes,
        Duration headTimeout,
        Duration bodyTimeout,
        Duration idleTimeout,
        int maxConnections,
        @Nullable Tls tls) {

    /// A certificate chain and its key, both PEM.
    public record Tls(Bytes certificate, Secret key) {}

    /// For comparing what cannot change while running; certificates can.
    public ListenerSettings withoutTls() {
        return new ListenerSettings(
                host,
                port,
                maxBodyBytes,
                maxHeaderBytes,
                headTimeout,
                bodyTimeout,
                idleTimeout,
                maxConnections,
                null);
    }
}
