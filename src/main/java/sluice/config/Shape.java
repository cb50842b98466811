package sluice.config;

import java.util.Map;
import java.util.Optional;

/// What a value of the file may look like. It reads the value, and it describes it to an editor, so that neither can
/// say something the other does not.
interface Shape<T> {

    /// The value, or nothing after telling {@code reading} what is wrong with it.
    Optional<T> read(Yaml value, Reading reading);

    /// The members of a JSON Schema, in the order in which they are printed.
    Map<String, Object> schema();

    /// The same on the outside, and read a step further.
    default <R> Shape<R> then(Step<T, R> step) {
        var outer = this;
        return new Shape<>() {
            @Override
            public Optional<R> read(Yaml value, Reading reading) {
                return outer.read(value, reading)
                        .flatMap(read -> step.take(read, value.place(), reading));
            }

            @Override
            public Map<String, Object> schema() {
                return outer.schema();
            }
        };
    }

    interface Step<T, R> {
        Optional<R> take(T value, Place place, Reading reading);
    }
}
