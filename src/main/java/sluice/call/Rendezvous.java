package sluice.call;

/// A weighted rendezvous: for one key every place draws a number that depends on the two alone, and the lowest wins. So
/// the same key meets at the same place each time and on every node, keys spread by weight, and only the keys of a place
/// that is gone go elsewhere.
public final class Rendezvous {
    private Rendezvous() {}

    /// FNV-1a over the characters, then mixed so that every bit depends on all.
    public static long hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return mix(hash);
    }

    /// What a place draws for a key; the lowest wins.
    ///
    /// @param key and {@code place} as {@link #hash} makes them
    /// @param weight of the place; one of 0 never wins against another
    public static double draw(long key, long place, int weight) {
        double unit = ((mix(key ^ place) >>> 11) + 0.5) * 0x1.0p-53; // from 0 to 1, without both
        return -Math.log(unit) / weight;
    }

    /// The finalizer of SplitMix64.
    public static long mix(long bits) {
        long z = bits + 0x9e3779b97f4a7c15L;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}
