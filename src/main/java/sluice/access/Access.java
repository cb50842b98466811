package sluice.access;

import sluice.call.Failure;
import sluice.call.Grant;
import sluice.call.Meaning;
import sluice.call.Principal;

/// Allows what was granted and nothing else: a key without models may use none.
public final class Access {

    /// @throws sluice.call.CallFailed with {@code Failure.ModelNotAllowed}
    public Grant authorize(Principal caller, Meaning model) {
        if (!caller.models().permit(model)) {
            throw new Failure.ModelNotAllowed(model.text(), caller.keyId()).asException();
        }
        return new Grant(caller, model);
    }
}
