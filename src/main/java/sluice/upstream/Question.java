package sluice.upstream;

import java.util.Map;
import sluice.call.Dropped;
import sluice.call.Principal;
import sluice.protocol.ModelRequest;

/// A call as it is put to a target.
///
/// @param asked what is asked, in a dialect that the target speaks; not changed, so that it may be sent again
/// @param model the name by which the target knows the model
/// @param caller for whom, where the target books by caller
/// @param headers what may go along from the caller, by lower-case name
/// @param dropped takes the names of what the target does not take and what was therefore left out
public record Question(
        ModelRequest asked,
        String model,
        Principal caller,
        Map<String, String> headers,
        Dropped dropped) {}
