package sluice.upstream.databricks;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;
import sluice.call.Dialect;

/// What a workspace says of one model, from all of its listings.
///
/// @param name by which it is called: an endpoint's name, or a model service's full name
/// @param surfaces where it is listed
/// @param doors where it declares to be spoken to; empty when no listing says anything of that
/// @param task as listed, such as {@code llm/v1/chat}
/// @param state whether it answers now
/// @param configUpdate {@code NOT_UPDATING}, {@code IN_PROGRESS} and so on, as listed
/// @param scaleToZero true when a first call may have to wait until it is started; null when not told
/// @param underlying the model behind the name, as the listing words it
/// @param createdMillis since 1970, 0 when not told
/// @param row the listing's own row, as it came: a serving endpoint's when there is one
public record DeclaredModel(
        String name,
        Set<Surface> surfaces,
        Set<Door> doors,
        @Nullable String task,
        Mode mode,
        State state,
        @Nullable String configUpdate,
        @Nullable Boolean scaleToZero,
        Capabilities capabilities,
        @Nullable String underlying,
        @Nullable String creator,
        long createdMillis,
        long updatedMillis,
        Bytes row) {

    public DeclaredModel {
        surfaces = frozen(surfaces, Surface.class);
        doors = frozen(doors, Door.class);
    }

    /// What kind of calls it takes; the token is the model hub's word (facts/forms.md section 6).
    public enum Mode {
        CHAT("chat"),
        COMPLETION("completion"),
        EMBEDDING("embedding"),
        /// An agent, which speaks Responses.
        RESPONSES("responses"),
        UNKNOWN("unknown");

        private final String token;

        Mode(String token) {
            this.token = token;
        }

        public String token() {
            return token;
        }
    }

    public enum State {
        READY,
        NOT_READY,
        UNKNOWN
    }

    /// Null wherever nobody says.
    public record Capabilities(
            @Nullable Boolean vision,
            @Nullable Boolean functionCalling,
            @Nullable Boolean parallelFunctionCalling) {
        static final Capabilities UNKNOWN = new Capabilities(null, null, null);

        /// These, and where they say nothing the others.
        Capabilities or(Capabilities others) {
            return new Capabilities(
                    vision == null ? others.vision : vision,
                    functionCalling == null ? others.functionCalling : functionCalling,
                    parallelFunctionCalling == null
                            ? others.parallelFunctionCalling
                            : parallelFunctionCalling);
        }
    }

    /// The dialects that it declares to speak on a surface; empty when it is not there or says nothing.
    public Set<Dialect> dialects(Surface surface) {
        return doors.stream()
                .filter(door -> door.surface() == surface)
                .map(Door::dialect)
                .collect(Collectors.toUnmodifiableSet());
    }

    /// The names that tell what model it is: its own, and the one behind it.
    public List<String> names() {
        return Stream.of(name, underlying).filter(text -> text != null).distinct().toList();
    }

    /// Ready, and not in the middle of a change that may take its place.
    public boolean isSteady() {
        return state == State.READY
                && (configUpdate == null || configUpdate.equals("NOT_UPDATING"));
    }

    private static <E extends Enum<E>> Set<E> frozen(Set<E> set, Class<E> type) {
        var copy = EnumSet.noneOf(type);
        copy.addAll(set);
        return Collections.unmodifiableSet(copy);
    }
}
