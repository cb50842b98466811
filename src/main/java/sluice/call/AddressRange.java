package sluice.call;

import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/// A range of internet addresses, as {@code 10.0.0.0/8} or {@code fd00::/8} writes it; an address alone is a range of
/// one.
public final class AddressRange {
    private static final Pattern WRITTEN =
            Pattern.compile(
                    "(?<address>[0-9]{1,3}(?:\\.[0-9]{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)"
                            + "(?:/(?<bits>[0-9]{1,3}))?");

    private final InetAddress first;
    private final int bits;

    private AddressRange(InetAddress first, int bits) {
        this.first = first;
        this.bits = bits;
    }

    /// @return nothing when it is none, or when bits are set that its prefix leaves open
    public static Optional<AddressRange> parse(String text) {
        var written = WRITTEN.matcher(text);
        if (!written.matches()) {
            return Optional.empty();
        }
        InetAddress first;
        try {
            first = InetAddress.ofLiteral(written.group("address"));
        } catch (IllegalArgumentException none) {
            return Optional.empty();
        }
        int all = first.getAddress().length * 8;
        var given = written.group("bits");
        int bits = given == null ? all : Integer.parseInt(given);
        return bits > all || isSetBehind(first.getAddress(), bits)
                ? Optional.empty()
                : Optional.of(new AddressRange(first, bits));
    }

    private static boolean isSetBehind(byte[] address, int bits) {
        for (int bit = bits; bit < address.length * 8; bit++) {
            if (isSet(address, bit)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isSet(byte[] address, int bit) {
        return (address[bit / 8] >> (7 - bit % 8) & 1) == 1;
    }

    /// @param address as a socket tells it; what is no address lies in no range
    public boolean holds(String address) {
        byte[] other;
        try {
            other = InetAddress.ofLiteral(address).getAddress();
        } catch (IllegalArgumentException none) {
            return false;
        }
        byte[] mine = first.getAddress();
        if (mine.length != other.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            if (isSet(mine, bit) != isSet(other, bit)) {
                return false;
            }
        }
        return true;
    }

    /// Whether every address of its kind lies in it.
    public boolean isEverything() {
        return bits == 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AddressRange that && first.equals(that.first) && bits == that.bits;
    }

    @Override
    public int hashCode() {
        return 31 * first.hashCode() + bits;
    }

    @Override
    public String toString() {
        return first.getHostAddress() + "/" + bits;
    }
}
