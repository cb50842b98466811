package sluice.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The target named {@code databricks} that the usual variables of a workspace describe, for a gateway that was
/// started without a file.
///
/// Two pairs are known: {@code DATABRICKS_HOST} with {@code DATABRICKS_TOKEN}, and {@code DATABRICKS_API_BASE} with
/// {@code DATABRICKS_API_KEY}. The first whole pair counts; half a pair is a fault that names the other half.
public final class EnvironmentTarget {
    private static final String HOST = "DATABRICKS_HOST";
    private static final String TOKEN = "DATABRICKS_TOKEN";
    private static final String API_BASE = "DATABRICKS_API_BASE";
    private static final String API_KEY = "DATABRICKS_API_KEY";
    private static final List<String> CLIENT =
            List.of("DATABRICKS_CLIENT_ID", "DATABRICKS_CLIENT_SECRET");

    private EnvironmentTarget() {}

    /// The defaults and that one target, or why not; nothing when no such variable is set.
    public static Optional<Loaded> read(Environment environment) {
        var reading = new Reading(environment, new Sources());
        if (environment.has(HOST) && environment.has(TOKEN)) {
            warnOfUnused(reading, List.of(API_BASE, API_KEY));
            return Optional.of(target(HOST, TOKEN, reading));
        }
        if (environment.has(API_BASE) && environment.has(API_KEY)) {
            warnOfUnused(reading, List.of(HOST, TOKEN));
            return Optional.of(target(API_BASE, API_KEY, reading));
        }
        for (var name : CLIENT) {
            if (environment.has(name)) {
                reading.fault(
                        Place.ofVariable(name),
                        "signing in as a service principal is not supported yet; set "
                                + HOST
                                + " and "
                                + TOKEN);
            }
        }
        halfPair(HOST, TOKEN, reading);
        halfPair(API_BASE, API_KEY, reading);
        var faults = reading.faults();
        return faults.isEmpty()
                ? Optional.empty()
                : Optional.of(new Loaded.Faulty(faults, reading.warnings()));
    }

    /// Reads the variables as the file that they stand for, so that they are held to the same rules.
    private static Loaded target(String address, String secret, Reading reading) {
        var place = Place.ofVariable(address);
        var written = String.valueOf(reading.environment().value(address)).strip();
        var url = written.contains("://") ? written : "https://" + written;
        var target =
                mapping(
                        place,
                        Map.of(
                                "id", text(place, "databricks"),
                                "provider", text(place, "databricks"),
                                "base_url", text(place, url),
                                "secret_key_ref",
                                        mapping(
                                                Place.ofVariable(secret),
                                                Map.of(
                                                        "env",
                                                        text(Place.ofVariable(secret), secret)))));
        var read = TargetSection.SECTION.read(target, reading);
        var faults = reading.faults();
        return faults.isEmpty()
                ? new Loaded.Good(
                        Configuration.defaults().plus(read.orElseThrow()), reading.warnings())
                : new Loaded.Faulty(faults, reading.warnings());
    }

    private static void warnOfUnused(Reading reading, List<String> others) {
        var unused = new ArrayList<>(others);
        unused.addAll(CLIENT);
        for (var name : unused) {
            if (reading.environment().has(name)) {
                reading.warn(
                        Place.ofVariable(name), "is set and not used: another pair counts first");
            }
        }
    }

    private static void halfPair(String address, String secret, Reading reading) {
        var environment = reading.environment();
        if (environment.has(address) != environment.has(secret)) {
            var there = environment.has(address) ? address : secret;
            var missing = environment.has(address) ? secret : address;
            reading.fault(
                    Place.ofVariable(missing),
                    "is not set, but " + there + " is; set both or none");
        }
    }

    private static Yaml.Scalar text(Place place, String text) {
        return new Yaml.Scalar(place, text, Yaml.Scalar.Type.TEXT);
    }

    private static Yaml.Mapping mapping(Place place, Map<String, Yaml> values) {
        return new Yaml.Mapping(
                place,
                values.entrySet().stream()
                        .map(entry -> new Yaml.Entry(place, entry.getKey(), entry.getValue()))
                        .toList());
    }
}
