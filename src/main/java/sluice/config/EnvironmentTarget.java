package sluice.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The target named {@code databricks} that the usual variables of a workspace describe, for a gateway that was started
/// without a file (facts/forms.md section 2).
///
/// The address is {@code DATABRICKS_HOST} or {@code DATABRICKS_API_BASE}; the credential is {@code DATABRICKS_TOKEN},
/// {@code DATABRICKS_API_KEY}, or {@code DATABRICKS_CLIENT_ID} with {@code DATABRICKS_CLIENT_SECRET}. The first whole
/// form counts. Without one, a named profile or another issuer's token does, as {@link DatabricksDefault} finds them; a
/// {@code ~/.databrickscfg} that nothing points to does not, so that nobody is connected by surprise. Half a form is a
/// fault that names the other half.
public final class EnvironmentTarget {
    private static final String HOST = "DATABRICKS_HOST";
    private static final String TOKEN = "DATABRICKS_TOKEN";
    private static final String API_BASE = "DATABRICKS_API_BASE";
    private static final String API_KEY = "DATABRICKS_API_KEY";
    private static final String CLIENT_ID = "DATABRICKS_CLIENT_ID";
    private static final String CLIENT_SECRET = "DATABRICKS_CLIENT_SECRET";

    /// In the order in which they count.
    private static final List<Form> FORMS =
            List.of(
                    new Form(HOST, List.of(TOKEN)),
                    new Form(API_BASE, List.of(API_KEY)),
                    new Form(HOST, List.of(CLIENT_ID, CLIENT_SECRET)),
                    new Form(API_BASE, List.of(CLIENT_ID, CLIENT_SECRET)),
                    new Form(HOST, List.of(API_KEY)),
                    new Form(API_BASE, List.of(TOKEN)));

    /// What asks for {@link DatabricksDefault}.
    private static final List<String> POINTERS =
            List.of(
                    "DATABRICKS_CONFIG_PROFILE",
                    "DATABRICKS_CONFIG_FILE",
                    "DATABRICKS_AUTH_TYPE",
                    "DATABRICKS_OIDC_TOKEN_ENV",
                    "DATABRICKS_OIDC_TOKEN_FILEPATH");

    private EnvironmentTarget() {}

    private record Form(String address, List<String> credential) {
        Set<String> variables() {
            var all = new LinkedHashSet<String>();
            all.add(address);
            all.addAll(credential);
            return all;
        }

        boolean isWhole(Environment environment) {
            return variables().stream().allMatch(environment::has);
        }
    }

    /// The defaults and that one target, or why not; nothing when no such variable is set.
    public static Optional<Loaded> read(Environment environment) {
        return read(environment, List.of());
    }

    /// @param stored objects that are laid under the target
    public static Optional<Loaded> read(Environment environment, List<StoredDocument> stored) {
        var reading = new Reading(environment, new Sources());
        var pointer = POINTERS.stream().filter(environment::has).findFirst();
        if (environment.has("DATABRICKS_AUTH_TYPE")) {
            return Optional.of(byDefault("DATABRICKS_AUTH_TYPE", stored, reading));
        }
        var whole = FORMS.stream().filter(form -> form.isWhole(environment)).findFirst();
        if (whole.isPresent()) {
            warnOfUnused(reading, whole.get());
            return Optional.of(target(whole.get(), stored, reading));
        }
        if (pointer.isPresent()) {
            return Optional.of(byDefault(pointer.get(), stored, reading));
        }
        tellWhatIsMissing(reading);
        var faults = reading.faults();
        return faults.isEmpty()
                ? Optional.empty()
                : Optional.of(new Loaded.Faulty(faults, reading.warnings()));
    }

    private static void warnOfUnused(Reading reading, Form used) {
        var others = new LinkedHashSet<String>();
        FORMS.forEach(form -> others.addAll(form.variables()));
        others.removeAll(used.variables());
        for (var name : others) {
            if (reading.environment().has(name)) {
                reading.warn(
                        Place.ofVariable(name),
                        "is set and not used: "
                                + String.join(" with ", used.variables())
                                + " counts first");
            }
        }
    }

    private static Loaded target(Form form, List<StoredDocument> stored, Reading reading) {
        var place = Place.ofVariable(form.address());
        var written = String.valueOf(reading.environment().value(form.address())).strip();
        var url = written.contains("://") ? written : "https://" + written;
        var keys = new LinkedHashMap<String, Yaml>();
        keys.put("base_url", text(place, url));
        if (form.credential().size() == 1) {
            keys.put("secret_key_ref", variable(form.credential().getFirst()));
        } else {
            keys.put(
                    "auth",
                    mapping(
                            place,
                            Map.of(
                                    "type", text(place, "oauth-m2m"),
                                    "client_id", variable(CLIENT_ID),
                                    "client_secret", variable(CLIENT_SECRET))));
        }
        return target(place, keys, stored, reading);
    }

    private static Loaded byDefault(String pointer, List<StoredDocument> stored, Reading reading) {
        var place = Place.ofVariable(pointer);
        var auth = mapping(place, Map.of("type", text(place, "databricks-default")));
        return target(place, Map.of("auth", auth), stored, reading);
    }

    /// Reads the variables as the file that they stand for, so that they are held to the same rules.
    private static Loaded target(
            Place place, Map<String, Yaml> keys, List<StoredDocument> stored, Reading reading) {
        var all = new LinkedHashMap<String, Yaml>();
        all.put("id", text(place, "databricks"));
        all.put("provider", text(place, "databricks"));
        all.putAll(keys);
        var targets = new Yaml.Sequence(place, List.of(mapping(place, all)));
        var file = mapping(place, Map.of("providers", mapping(place, Map.of("targets", targets))));
        var layers = List.of(StoredLayer.of(stored, reading), file);
        var read = PolicyFile.SECTION.read(Layers.merge(layers, reading), reading);
        var faults = reading.faults();
        return faults.isEmpty()
                ? new Loaded.Good(read.orElseThrow(), reading.warnings())
                : new Loaded.Faulty(faults, reading.warnings());
    }

    /// Told of the form that is nearest to whole.
    private static void tellWhatIsMissing(Reading reading) {
        var environment = reading.environment();
        var nearest =
                FORMS.stream()
                        .filter(form -> form.variables().stream().anyMatch(environment::has))
                        .max((a, b) -> Long.compare(share(a, environment), share(b, environment)));
        if (nearest.isEmpty()) {
            return;
        }
        var there = new ArrayList<String>();
        var missing = new ArrayList<String>();
        nearest.get()
                .variables()
                .forEach(name -> (environment.has(name) ? there : missing).add(name));
        for (var name : missing) {
            reading.fault(
                    Place.ofVariable(name),
                    "is not set, but "
                            + String.join(" and ", there)
                            + (there.size() == 1
                                    ? " is; set both or none"
                                    : " are; set all or none"));
        }
    }

    private static long share(Form form, Environment environment) {
        long set = form.variables().stream().filter(environment::has).count();
        return 1000 * set / form.variables().size();
    }

    private static Yaml.Mapping variable(String name) {
        var place = Place.ofVariable(name);
        return mapping(place, Map.of("env", text(place, name)));
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
