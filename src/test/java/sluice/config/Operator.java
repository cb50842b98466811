package sluice.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Somebody who writes policy files in a directory, sets variables, and reads what the product says about them.
final class Operator {
    private final Path directory;
    private final Map<String, String> variables = new HashMap<>();
    private final List<Path> files = new ArrayList<>();

    Operator(Path directory) {
        this.directory = directory;
    }

    Operator with(String variable, String value) {
        variables.put(variable, value);
        return this;
    }

    Operator without(String variable) {
        variables.remove(variable);
        return this;
    }

    Operator writes(String name, String text) {
        try {
            Files.writeString(directory.resolve(name), text);
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
        return this;
    }

    /// Writes a policy file, to be layered over those before it.
    Operator policy(String name, String yaml) {
        if (!files.contains(directory.resolve(name))) {
            files.add(directory.resolve(name));
        }
        return writes(name, yaml);
    }

    Environment environment() {
        return variables::get;
    }

    List<Path> files() {
        return files;
    }

    Path path(String name) {
        return directory.resolve(name);
    }

    Loaded loads() {
        return ConfigurationFiles.load(files, environment());
    }

    Configuration loadsWell() {
        if (loads() instanceof Loaded.Good(var configuration, _)) {
            return configuration;
        }
        throw new AssertionError("not good: " + loads());
    }

    /// Each fault as it is printed, without the directory.
    List<String> faults() {
        var faults =
                switch (loads()) {
                    case Loaded.Good _ -> List.<Fault>of();
                    case Loaded.Faulty(var told, _) -> told;
                    case Loaded.Unreadable(var told) -> told;
                };
        return faults.stream().map(fault -> fault.toString().replace(directory + "/", "")).toList();
    }

    List<String> warnings() {
        var warnings =
                switch (loads()) {
                    case Loaded.Good(_, var told) -> told;
                    case Loaded.Faulty(_, var told) -> told;
                    case Loaded.Unreadable _ -> List.<Warning>of();
                };
        return warnings.stream()
                .map(warning -> warning.toString().replace(directory + "/", ""))
                .toList();
    }
}
