package sluice.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.impl.http1.VertxHttpRequestDecoder;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The library's request decoder, with three things added that it does not do: header lines folded in the obsolete way
/// (RFC 9112 section 5.2) or without a name are refused, and so are requests that do not name one host (section 3.2);
/// and it remembers since when a request head is under way, so that a head that trickles in can be timed out. Both
/// lengths, bad chunk sizes and the like are refused by the library itself.
final class StrictRequestDecoder extends VertxHttpRequestDecoder {
    static final long NO_HEAD = Long.MAX_VALUE;

    private static final boolean[] MAY_STAND_IN_A_HOST = mayStandInAHost();

    private final LongSupplier clock;
    private @Nullable RequestBody body;
    private boolean inHead = true;
    private boolean handingOnHead;
    private boolean stopped;
    private boolean atLineStart;
    private boolean folded;
    private volatile long headStartedNanos = NO_HEAD;

    StrictRequestDecoder(Http1ServerConfig limits, LongSupplier clock) {
        super(limits);
        this.clock = clock;
    }

    /// When the head that is being read began, or {@link #NO_HEAD}.
    long headStartedNanos() {
        return headStartedNanos;
    }

    /// Where the content of a request goes: from the socket's buffer into the body, past the library, which would copy
    /// it once more. Works only while the request's head is being handed on. A request that the library holds back,
    /// because the one before it is not answered yet, has its content held there too.
    ///
    /// @return false when the content of the request at hand does not come by here any more
    boolean contentGoesTo(RequestBody requestBody) {
        if (!handingOnHead) {
            return false;
        }
        handingOnHead = false;
        boolean headWasAll = inHead;
        if (headWasAll) {
            requestBody.end();
        } else {
            body = requestBody;
        }
        return true;
    }

    /// The connection ends with the request at hand: what a caller sent behind it is thrown away, never run.
    void stop() {
        stopped = true;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object read) throws Exception {
        super.channelRead(context, read);
        handingOnHead = false;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf input, List<Object> out)
            throws Exception {
        if (stopped) {
            input.skipBytes(input.readableBytes());
            return;
        }
        int before = out.size();
        handingOnHead = false;
        if (!inHead) {
            super.decode(context, input, out);
            inHead = endsMessage(out, before);
            divert(out, before);
            return;
        }
        if (headStartedNanos == NO_HEAD && input.isReadable()) {
            headStartedNanos = clock.getAsLong();
        }
        int start = input.readerIndex();
        super.decode(context, input, out);
        lookForFolding(input, start, input.readerIndex());
        if (out.size() > before && out.get(before) instanceof HttpRequest request) {
            if (request.decoderResult().isSuccess()) {
                refuseUnclear(request);
            }
            headStartedNanos = NO_HEAD;
            atLineStart = false;
            folded = false;
            inHead = endsMessage(out, before);
            handingOnHead = true;
        }
    }

    /// Takes the content out of what goes on to the library; the end of the message stays.
    private void divert(List<Object> out, int before) {
        var to = body;
        if (to == null || out.size() == before) {
            return;
        }
        for (int i = before; i < out.size(); i++) {
            var content = (HttpContent) out.get(i);
            if (content.decoderResult().isFailure()) {
                content.release();
                body = null;
                to.breakOff();
                truncate(out, before);
                return;
            }
            to.take(content.content());
            content.release();
            if (content instanceof LastHttpContent) {
                body = null;
                out.set(before, LastHttpContent.EMPTY_LAST_CONTENT);
                to.end();
                truncate(out, before + 1);
                return;
            }
        }
        truncate(out, before);
    }

    private static void truncate(List<Object> out, int size) {
        while (out.size() > size) {
            out.removeLast();
        }
    }

    /// The decoder consumes whole lines, so what it consumed last ended with a line.
    private void lookForFolding(ByteBuf input, int from, int to) {
        int at = from;
        while (at < to) {
            if (atLineStart) {
                byte first = input.getByte(at);
                folded |= first == ' ' || first == '\t';
            }
            int end = input.indexOf(at, to, (byte) '\n');
            atLineStart = end >= 0;
            at = atLineStart ? end + 1 : to;
        }
    }

    private void refuseUnclear(HttpRequest request) {
        if (folded || request.headers().contains("")) {
            refuse(
                    request,
                    "The request is not valid HTTP: a header is folded over two lines or has no"
                            + " name.");
        } else if (!namesOneHost(request)) {
            refuse(
                    request,
                    "The request is not valid HTTP: it needs exactly one valid Host header.");
        }
    }

    /// What two readers of the same head could send to different places is refused. Before HTTP/1.1 a request did not
    /// have to say.
    private static boolean namesOneHost(HttpRequest request) {
        var hosts = request.headers().getAll(HttpHeaderNames.HOST);
        return switch (hosts.size()) {
            case 0 -> request.protocolVersion().equals(HttpVersion.HTTP_1_0);
            case 1 -> isHost(hosts.getFirst());
            default -> false;
        };
    }

    /// RFC 3986 section 3.2.2, with the colon of a port.
    private static boolean isHost(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= MAY_STAND_IN_A_HOST.length || !MAY_STAND_IN_A_HOST[c]) {
                return false;
            }
        }
        return true;
    }

    private static boolean[] mayStandInAHost() {
        var may = new boolean[128];
        for (int c = 0; c < may.length; c++) {
            may[c] =
                    (c >= 'a' && c <= 'z')
                            || (c >= 'A' && c <= 'Z')
                            || (c >= '0' && c <= '9')
                            || "-._~%!$&'()*+,;=[]:".indexOf(c) >= 0;
        }
        return may;
    }

    private static void refuse(HttpRequest request, String sentence) {
        request.setDecoderResult(DecoderResult.failure(new Refused(sentence)));
    }

    /// Our own refusal. Its message is for the caller and quotes nothing of the request.
    static final class Refused extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        Refused(String sentence) {
            super(sentence);
        }
    }

    private static boolean endsMessage(List<Object> out, int before) {
        return out.size() > before && out.getLast() instanceof LastHttpContent;
    }
}
