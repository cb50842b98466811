package sluice.config;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Reads policy files. Read this first: it is the whole way from paths to a {@link Loaded}.
public final class ConfigurationFiles {
    private ConfigurationFiles() {}

    /// Reads the files, later ones over earlier ones, and everything they refer to. Every fault of every file is told;
    /// no file at all means the defaults.
    public static Loaded load(List<Path> files, Environment environment) {
        return load(files, environment, List.of());
    }

    /// @param stored objects that are laid under those of the files
    public static Loaded load(
            List<Path> files, Environment environment, List<StoredDocument> stored) {
        return load(files, environment, stored, new Sources());
    }

    static Loaded load(
            List<Path> files,
            Environment environment,
            List<StoredDocument> stored,
            Sources sources) {
        var reading = new Reading(environment, sources);
        var unreadable = new ArrayList<Fault>();
        var mappings = new ArrayList<Yaml.Mapping>();
        if (!stored.isEmpty()) {
            mappings.add(StoredLayer.of(stored, reading));
        }
        for (var file : files) {
            var name = file.toString();
            try {
                var bytes = sources.read(file, YamlFile.MAX_BYTES);
                YamlFile.read(name, bytes, reading).ifPresent(mappings::add);
            } catch (Sources.TooLarge limit) {
                reading.fault(Place.startOf(name), "the file " + limit.getMessage());
            } catch (IOException why) {
                unreadable.add(new Fault(Place.ofFile(name), "the file " + why.getMessage()));
            }
        }
        var configuration = PolicyFile.SECTION.read(Layers.merge(mappings, reading), reading);
        var faults = reading.faults();
        if (!unreadable.isEmpty()) {
            unreadable.addAll(faults);
            return new Loaded.Unreadable(unreadable);
        }
        return faults.isEmpty()
                ? new Loaded.Good(configuration.orElseThrow(), reading.warnings())
                : new Loaded.Faulty(faults, reading.warnings());
    }
}
