package sluice.upstream.databricks;

import java.util.Optional;
import sluice.call.Bytes;

/// What kind of image some bytes are, told by the bytes alone: what a server says of them is not believed.
enum ImageType {
    PNG("image/png"),
    JPEG("image/jpeg"),
    GIF("image/gif"),
    WEBP("image/webp");

    private final String mediaType;

    ImageType(String mediaType) {
        this.mediaType = mediaType;
    }

    String mediaType() {
        return mediaType;
    }

    static Optional<ImageType> of(Bytes image) {
        if (startsWith(image, 0, 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n')) {
            return Optional.of(PNG);
        }
        if (startsWith(image, 0, 0xff, 0xd8, 0xff)) {
            return Optional.of(JPEG);
        }
        if (startsWith(image, 0, 'G', 'I', 'F', '8', '7', 'a')
                || startsWith(image, 0, 'G', 'I', 'F', '8', '9', 'a')) {
            return Optional.of(GIF);
        }
        return startsWith(image, 0, 'R', 'I', 'F', 'F') && startsWith(image, 8, 'W', 'E', 'B', 'P')
                ? Optional.of(WEBP)
                : Optional.empty();
    }

    private static boolean startsWith(Bytes image, int at, int... expected) {
        if (image.length() < at + expected.length) {
            return false;
        }
        for (int i = 0; i < expected.length; i++) {
            if ((image.array()[image.from() + at + i] & 0xff) != expected[i]) {
                return false;
            }
        }
        return true;
    }
}
