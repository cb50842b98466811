package sluice.call;

import java.util.random.RandomGenerator;

/// The one id of a call, in the ledger, the logs and {@code x-request-id}. A caller may bring its own: up to 128
/// printable ASCII characters (facts/llm-protocols.md section 8); anything else is replaced.
public record CallId(String value) {
    public static final int MAX_LENGTH = 128;
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    public CallId {
        if (!acceptable(value)) {
            throw new IllegalArgumentException(
                    "a call id is 1 to " + MAX_LENGTH + " printable ASCII characters");
        }
    }

    public static CallId fresh(RandomGenerator random) {
        var text = new char[28];
        text[0] = 'r';
        text[1] = 'e';
        text[2] = 'q';
        text[3] = '_';
        long high = random.nextLong();
        long low = random.nextLong();
        for (int i = 0; i < 12; i++) {
            text[4 + i] = HEX[(int) (high >>> (4 * i)) & 15];
            text[16 + i] = HEX[(int) (low >>> (4 * i)) & 15];
        }
        return new CallId(new String(text));
    }

    public static boolean acceptable(String value) {
        if (value.isEmpty() || value.length() > MAX_LENGTH) {
            return false;
        }
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) <= ' ' || value.charAt(i) > '~') {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return value;
    }
}
