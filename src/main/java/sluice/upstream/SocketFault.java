package sluice.upstream;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import javax.net.ssl.SSLException;
import sluice.call.Failure;

/// What a socket's exception means for the call. Its own words may name addresses, so they are not passed on.
final class SocketFault {
    private SocketFault() {}

    /// The fault came before any part of the reply.
    static Failure.Upstream beforeTheReply(String target, Throwable fault, Duration connectLimit) {
        for (var cause = fault; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case ConnectTimeoutException _ -> {
                    return new Failure.TimedOut(
                            target, Failure.TimedOut.Phase.CONNECT, connectLimit);
                }
                case UnknownHostException _ -> {
                    return new Failure.Unreachable(
                            target,
                            "its host name cannot be resolved; check the target's base_url");
                }
                case SSLException _ -> {
                    return new Failure.Unreachable(
                            target,
                            "TLS does not hold; check the certificate and that base_url speaks https");
                }
                case ConnectionPoolTooBusyException _ -> {
                    return new Failure.Unreachable(
                            target, "all its connections are busy (max_connections)");
                }
                case ConnectException _ -> {
                    return new Failure.Unreachable(target, "the connection was refused");
                }
                case TooLongFrameException _ -> {
                    return new Failure.BrokenAnswer(target, "its headers are too large");
                }
                case DecoderException _, IllegalArgumentException _ -> {
                    return new Failure.BrokenAnswer(target, "its bytes are not HTTP");
                }
                default -> {}
            }
        }
        return new Failure.BrokenAnswer(target, "the connection was closed before any answer came");
    }

    /// The fault came when a part of the reply was there already.
    static Failure.Upstream duringTheReply(String target, Throwable fault) {
        return fault instanceof DecoderException
                ? new Failure.BrokenAnswer(target, "its bytes are not HTTP")
                : new Failure.BrokenAnswer(
                        target, "the connection was closed in the middle of the answer");
    }
}
