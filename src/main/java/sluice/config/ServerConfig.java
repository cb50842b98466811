package sluice.config;

import java.nio.file.Path;
import java.time.Duration;
import sluice.call.Bytes;
import sluice.call.Secret;

/// The listener: where it listens and what it lets one caller take. {@code eventLoops} 0 means one per processor,
/// {@code workers} 0 one for every two.
public record ServerConfig(
        ListenAddress listen,
        long maxBodyBytes,
        int maxHeaderBytes,
        Duration headTimeout,
        Duration bodyTimeout,
        Duration idleTimeout,
        int maxConnections,
        Duration keepAliveComment,
        Duration drain,
        int eventLoops,
        int workers,
        Tls tls) {

    public ServerConfig withListen(ListenAddress other) {
        return new ServerConfig(
                other,
                maxBodyBytes,
                maxHeaderBytes,
                headTimeout,
                bodyTimeout,
                idleTimeout,
                maxConnections,
                keepAliveComment,
                drain,
                eventLoops,
                workers,
                tls);
    }

    /// Port 0 lets the system choose a free one.
    public record ListenAddress(String host, int port) {
        public ListenAddress {
            if (host.isEmpty() || port < 0 || port > 65_535) {
                throw new IllegalArgumentException(
                        "an address is a host and a port of 0 to 65535, got '"
                                + host
                                + "' and "
                                + port);
            }
        }

        @Override
        public String toString() {
            return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
        }
    }

    /// Whether callers speak TLS with us.
    public sealed interface Tls {
        record Off() implements Tls {}

        /// Both files as they were read, PEM; the paths are for messages only.
        record Pem(Path certificateFile, Path keyFile, Bytes certificate, Secret key)
                implements Tls {}
    }
}
