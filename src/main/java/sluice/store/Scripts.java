package sluice.store;

import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.resource.LoadableResource;
import org.jspecify.annotations.Nullable;

/// Hands Flyway the scripts by their names. It would look for them in folders, and a jar need not have any.
record Scripts(String folder, List<String> names) implements ResourceProvider {
    @Override
    public @Nullable LoadableResource getResource(String name) {
        var file = name.substring(name.lastIndexOf('/') + 1);
        return names.contains(file) ? new Script(folder + "/" + file) : null;
    }

    @Override
    public Collection<LoadableResource> getResources(String prefix, String[] suffixes) {
        return names.stream()
                .filter(name -> name.startsWith(prefix))
                .filter(name -> Arrays.stream(suffixes).anyMatch(name::endsWith))
                .<LoadableResource>map(name -> new Script(folder + "/" + name))
                .toList();
    }

    /// One script, at its path below this package.
    private static final class Script extends LoadableResource {
        private final String path;

        Script(String path) {
            this.path = path;
        }

        @Override
        public Reader read() {
            return new InputStreamReader(
                    Objects.requireNonNull(Scripts.class.getResourceAsStream(path)),
                    StandardCharsets.UTF_8);
        }

        @Override
        public String getAbsolutePath() {
            return path;
        }

        @Override
        public String getAbsolutePathOnDisk() {
            return path;
        }

        @Override
        public String getFilename() {
            return path.substring(path.lastIndexOf('/') + 1);
        }

        @Override
        public String getRelativePath() {
            return path;
        }
    }
}
