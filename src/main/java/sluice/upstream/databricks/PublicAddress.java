package sluice.upstream.databricks;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;

/// Tells the addresses of the public internet from all others: private networks, this machine, the link, the metadata
/// services of clouds, and what the registries of special addresses set aside (RFC 6890 and its successors). Of IPv6
/// only global unicast is public, and addresses that carry an IPv4 one inside count as that.
final class PublicAddress {
    private static final List<Range> SET_ASIDE_4 =
            List.of(
                    range4("0.0.0.0", 8),
                    range4("10.0.0.0", 8),
                    range4("100.64.0.0", 10),
                    range4("127.0.0.0", 8),
                    range4("169.254.0.0", 16),
                    range4("172.16.0.0", 12),
                    range4("192.0.0.0", 24),
                    range4("192.0.2.0", 24),
                    range4("192.88.99.0", 24),
                    range4("192.168.0.0", 16),
                    range4("198.18.0.0", 15),
                    range4("198.51.100.0", 24),
                    range4("203.0.113.0", 24),
                    range4("224.0.0.0", 3), // multicast, reserved, broadcast
                    range4("168.63.129.16", 32)); // Azure's own service behind a public address

    private record Range(int network, int bits) {
        boolean holds(int address) {
            return bits == 32 ? address == network : (address ^ network) >>> (32 - bits) == 0;
        }
    }

    private PublicAddress() {}

    static boolean is(InetAddress address) {
        byte[] bytes = address.getAddress();
        return address instanceof Inet4Address ? isPublic4(bytes, 0) : isPublic6(bytes);
    }

    private static boolean isPublic4(byte[] bytes, int from) {
        int number = number(bytes, from);
        return SET_ASIDE_4.stream().noneMatch(range -> range.holds(number));
    }

    private static boolean isPublic6(byte[] bytes) {
        if (number(bytes, 0) == 0x0064ff9b && zeros(bytes, 4, 12)) {
            return isPublic4(bytes, 12); // NAT64
        }
        if ((bytes[0] & 0xe0) != 0x20) {
            return false; // not 2000::/3
        }
        int first = number(bytes, 0);
        if (first >>> 16 == 0x2002) {
            return isPublic4(bytes, 2); // 6to4
        }
        boolean protocolAssignments = first >>> 9 == 0x20010000 >>> 9; // 2001::/23, Teredo too
        boolean documentation = first == 0x20010db8 || first >>> 12 == 0x3fff0000 >>> 12;
        return !protocolAssignments && !documentation;
    }

    private static boolean zeros(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }

    private static int number(byte[] bytes, int from) {
        return (bytes[from] & 0xff) << 24
                | (bytes[from + 1] & 0xff) << 16
                | (bytes[from + 2] & 0xff) << 8
                | (bytes[from + 3] & 0xff);
    }

    private static Range range4(String network, int bits) {
        var parts = network.split("\\.", -1);
        int number = 0;
        for (var part : parts) {
            number = number << 8 | Integer.parseInt(part);
        }
        return new Range(number, bits);
    }
}
