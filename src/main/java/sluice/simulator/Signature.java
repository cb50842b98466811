package sluice.simulator;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.CRC32;

/// The signature under a piece of thinking. It can be checked, so that a caller who changes either is found out.
final class Signature {
    private Signature() {}

    static String of(String thinking) {
        return encoded("simulated-signature-" + Long.toHexString(sum(bytes(thinking))));
    }

    /// What stands for thinking that nobody may read.
    static String redacted(String thinking) {
        return encoded("simulated-redaction-" + Long.toHexString(sum(bytes(thinking))));
    }

    /// True when this is what was signed; of thinking whose text was left out only the form is known.
    static boolean fits(String thinking, String signature) {
        return thinking.isEmpty()
                ? signature.startsWith(encoded("simulated-signatur"))
                : signature.equals(of(thinking));
    }

    /// A number that stands for all these bytes.
    static long sum(byte[] bytes) {
        var sum = new CRC32();
        sum.update(bytes);
        return sum.getValue();
    }

    private static String encoded(String text) {
        return Base64.getEncoder().withoutPadding().encodeToString(bytes(text));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
