package sluice.config;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import sluice.call.Allowance;

/// What is said of a virtual key that was made through the operator's API, in the words of a policy file.
///
/// @param expires from when on it opens nothing; empty when it always does
public record KeyDocument(
        Optional<String> team,
        Optional<String> customer,
        Optional<String> user,
        List<String> roles,
        Map<String, String> metadata,
        Optional<Instant> expires,
        boolean disabled,
        Allowance own) {
    public KeyDocument {
        roles = List.copyOf(roles);
        metadata = Map.copyOf(metadata);
    }

    /// What came of reading one.
    public sealed interface Result {
        record Good(KeyDocument document) implements Result {}

        record Faulty(List<String> faults) implements Result {
            public Faulty {
                faults = List.copyOf(faults);
            }
        }
    }

    /// @param json an object with the keys of {@code governance.virtual_keys[]}, all but {@code id} and {@code key}
    /// @param teams whether a team of this id is declared
    /// @param customers whether a customer of this id is declared
    public static Result read(
            String id, String json, Predicate<String> teams, Predicate<String> customers) {
        var reading = new Reading(Environment.EMPTY, new Sources());
        var file = StoredLayer.FILE + "keys/" + Discretion.printable(id);
        var read =
                YamlFile.read(file, json.getBytes(StandardCharsets.UTF_8), reading)
                        .flatMap(mapping -> VirtualKeySection.STORED.read(mapping, reading));
        read.flatMap(KeyDocument::team)
                .filter(team -> !teams.test(team))
                .ifPresent(team ->
                        reading.fault(
                                Place.startOf(file).key("team"),
                                "no team has the id " + Discretion.quote(team)));
        read.flatMap(KeyDocument::customer)
                .filter(customer -> !customers.test(customer))
                .ifPresent(customer ->
                        reading.fault(
                                Place.startOf(file).key("customer"),
                                "no customer has the id " + Discretion.quote(customer)));
        var faults = reading.faults();
        return faults.isEmpty()
                ? new Result.Good(read.orElseThrow())
                : new Result.Faulty(faults.stream().map(Fault::toString).toList());
    }

    /// Whether a text may be the id of a key.
    public static boolean isId(String id) {
        return id.matches("[a-z0-9][a-z0-9._-]{0,63}") && !Discretion.looksSecret(id);
    }
}
