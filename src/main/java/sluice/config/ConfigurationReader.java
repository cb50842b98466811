package sluice.config;

import java.util.List;

/// Reads the configuration, each time as it is at that moment.
@FunctionalInterface
public interface ConfigurationReader {

    /// @param stored objects that are laid under those of the files; where both have one, the file's stands
    Loaded read(List<StoredDocument> stored);
}
