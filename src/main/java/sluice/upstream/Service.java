package sluice.upstream;

import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sluice.call.Dialect;
import sluice.call.Failure;
import sluice.call.RequestType;
import sluice.json.NotJson;
import sluice.loop.Strand;
import sluice.protocol.ModelRequest;

/// A target that speaks one provider's dialects at that provider's paths: the provider itself, or any service like it.
///
/// It reports the usage of a stream only when asked to, so it is always asked; the caller sees the extra chunk only
/// when it asked too.
public final class Service implements Upstream {
    private final String id;
    private final Map<RequestType, Door> doors;
    private final Set<RequestType> allowed;
    private final @Nullable Door listing;
    private final Listing.Reader names;
    private final Map<String, String> always;
    private final Clock clock;

    /// Where one kind of request goes.
    ///
    /// @param path behind the wires' base
    public record Door(Wires wires, String path) {}

    /// @param id the target's id
    /// @param doors what the target can be asked, and where
    /// @param allowed what callers may ask of it, in whichever dialect they ask
    /// @param listing where it lists its models; null when it is not asked
    /// @param names how that list is read
    /// @param always headers that every request has unless the caller sent its own, by lower-case name
    public Service(
            String id,
            Map<RequestType, Door> doors,
            Set<RequestType> allowed,
            @Nullable Door listing,
            Listing.Reader names,
            Map<String, String> always,
            Clock clock) {
        this.id = id;
        this.doors = new EnumMap<>(doors);
        this.allowed = Set.copyOf(allowed);
        this.listing = listing;
        this.names = names;
        this.always = Map.copyOf(always);
        this.clock = clock;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public boolean speaks(Dialect dialect, String model) {
        return doors.containsKey(RequestType.of(dialect, false));
    }

    @Override
    public boolean allows(RequestType type) {
        return type != RequestType.INVOCATIONS && allowed.contains(type);
    }

    @Override
    public Reply send(Strand strand, Question question) {
        var asked = question.asked();
        var door = doors.get(RequestType.of(asked.dialect(), asked.stream()));
        if (door == null) {
            throw new IllegalStateException(
                    "the target '" + id + "' does not speak " + asked.dialect().token());
        }
        var sent =
                new Sender.Sent(
                        asked.dialect(),
                        door.path(),
                        overridden(strand, question).forTarget(question.model(), true),
                        asked.stream(),
                        question.overrides()
                                .on(
                                        PassedHeaders.with(
                                                asked.dialect(), question.headers(), always)),
                        question.patience(),
                        question.timed());
        return door.wires()
                .target()
                .tokens()
                .renewingOnce(strand, () -> sender(door).send(strand, sent));
    }

    /// At the place of its list of models, or of whatever else it answers.
    @Override
    public void probe(Strand strand, String path) {
        var listed = listing;
        var door = listed != null ? listed : doors.values().iterator().next();
        Listing.probe(door.wires(), strand, path, always, sender(door));
    }

    private static ModelRequest overridden(Strand strand, Question question) {
        try {
            return question.overridden(strand);
        } catch (NotJson unfit) {
            throw new Failure.Malformed(unfit.getMessage(), unfit.param()).asException();
        }
    }

    @Override
    public Supplier<List<String>> models(Strand strand) {
        var door = listing;
        return door == null
                ? List::of
                : Listing.fetch(door.wires(), strand, door.path(), always, sender(door), names);
    }

    private Sender sender(Door door) {
        return new Sender(door.wires(), clock, this::refusal);
    }

    private Failure.Upstream refusal(ErrorAnswer answer) {
        return answer.failure(id);
    }

    @Override
    public void retire(Duration patience) {
        doors.values().stream().map(Door::wires).distinct().forEach(w -> w.retire(patience));
        var door = listing;
        if (door != null && doors.values().stream().noneMatch(d -> d.wires() == door.wires())) {
            door.wires().retire(patience);
        }
    }
}
