package sluice.translate;

import sluice.call.Bytes;
import sluice.call.Dropped;
import sluice.call.ModelTraits;
import sluice.json.NotJson;

/// A caller's dialect and a target's dialect.
@FunctionalInterface
public interface Pair {

    /// Begins one call, or one more try of it: the request is not changed, so that it may be translated again.
    ///
    /// @param asked the caller's request, a JSON object that is valid UTF-8 and no deeper than allowed
    /// @param model the name by which the target knows the model
    /// @param dropped takes the names of what the target cannot carry and what does not change the meaning
    /// @throws NotJson when a part cannot be expressed and would change the meaning, or has the wrong form; worded for
    ///     the caller, with the field as {@code param}
    Translation begin(Bytes asked, String model, ModelTraits traits, Dropped dropped)
            throws NotJson;
}
