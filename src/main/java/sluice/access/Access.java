package sluice.access;

import sluice.call.Failure;
import sluice.call.Grant;
import sluice.call.ModelName;
import sluice.call.Principal;

/// Allows what was granted and nothing else: a key without models may use none.
public final class Access {

    /// @throws sluice.call.CallFailed with {@code Failure.ModelNotAllowed}
    public Grant authorize(Principal caller, ModelName model) {
        if (!caller.models().permit(model)) {
            throw new Failure.ModelNotAllowed(model.toString(), caller.keyId()).asException();
        }
        return new Grant(caller, model);
    }
}
