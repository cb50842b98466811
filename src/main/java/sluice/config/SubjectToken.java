package sluice.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import sluice.call.Secret;

/// Another issuer's token, to be exchanged for a workspace's.
public sealed interface SubjectToken {

    /// The token as it is now. A file is read anew each time, so this may block.
    ///
    /// @throws IllegalStateException when there is none; its message holds no credential
    Secret read();

    /// A token that was given with the configuration.
    record Fixed(Secret token) implements SubjectToken {
        @Override
        public Secret read() {
            return token;
        }
    }

    /// A token that somebody else writes and renews, such as a Kubernetes service account's.
    record File(Path path) implements SubjectToken {
        private static final int MAX_BYTES = 64 * 1024;

        @Override
        public Secret read() {
            var named = "the token file " + Discretion.quote(path.toString());
            try {
                var bytes = Sources.readOnce(path, MAX_BYTES);
                return new Secret(
                        SecretReference.line(new String(bytes, StandardCharsets.UTF_8), named));
            } catch (IOException why) {
                throw new IllegalStateException(named + " " + why.getMessage());
            }
        }
    }
}
