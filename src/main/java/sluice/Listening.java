package sluice;

import org.jspecify.annotations.Nullable;
import sluice.config.ServerConfig;
import sluice.server.ListenerSettings;

/// What a configuration says of the listener.
final class Listening {
    private Listening() {}

    static ListenerSettings settings(ServerConfig config) {
        return new ListenerSettings(
                config.listen().host(),
                config.listen().port(),
                config.maxBodyBytes(),
                config.maxHeaderBytes(),
                config.headTimeout(),
                config.bodyTimeout(),
                config.idleTimeout(),
                config.maxConnections(),
                tls(config));
    }

    static ListenerSettings.@Nullable Tls tls(ServerConfig config) {
        return switch (config.tls()) {
            case ServerConfig.Tls.Off _ -> null;
            case ServerConfig.Tls.Pem pem -> new ListenerSettings.Tls(pem.certificate(), pem.key());
        };
    }

    /// Whether a start would listen otherwise. The address may have been given on the command line, so the file's is not
    /// compared, and a certificate is replaced without one.
    static boolean needsRestart(ServerConfig started, ServerConfig fresh) {
        var server = fresh.withListen(started.listen());
        boolean tlsTurned = (tls(server) == null) != (tls(started) == null);
        return tlsTurned
                || !settings(started).withoutTls().equals(settings(server).withoutTls())
                || !started.drain().equals(server.drain())
                || started.eventLoops() != server.eventLoops()
                || started.workers() != server.workers();
    }
}
