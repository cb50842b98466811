package sluice.meter;

import sluice.call.Bytes;

/// How many tokens a request may be, before anybody counted. Meant to be too many rather than too few: money is held by
/// it.
public final class Estimate {
    /// English has four bytes a token (facts/databricks.md section 3.6), code and other scripts have fewer.
    private static final int BYTES_PER_TOKEN = 3;

    /// A picture costs what it shows and not what its encoding weighs; this is a large one.
    private static final int TOKENS_PER_PICTURE = 3_200;

    /// A smaller body is not worth reading for pictures.
    private static final int SMALL_BODY = 16 * 1024;

    private Estimate() {}

    /// @param body a request that is known to be JSON
    public static long ofInput(Bytes body) {
        if (body.length() <= SMALL_BODY) {
            return tokens(body.length());
        }
        var pictures = Pictures.in(body);
        return tokens(body.length() - pictures.bytes())
                + (long) pictures.count() * TOKENS_PER_PICTURE;
    }

    /// As if none of it were pictures.
    public static long ofBytes(long bytes) {
        return tokens(bytes);
    }

    private static long tokens(long bytes) {
        return (bytes + BYTES_PER_TOKEN - 1) / BYTES_PER_TOKEN;
    }
}
