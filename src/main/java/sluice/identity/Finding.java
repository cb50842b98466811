package sluice.identity;

import sluice.call.Principal;

/// What came of looking at one credential.
sealed interface Finding {

    record Known(Principal principal) implements Finding {}

    /// It is for whoever looks here to know, and it is not good.
    record Refused() implements Finding {}

    /// Somebody else may know it.
    record NotMine() implements Finding {}

    /// Nobody can say at present; {@code what} cannot be asked.
    record Unknowable(String what) implements Finding {}

    Finding REFUSED = new Refused();
    Finding NOT_MINE = new NotMine();
}
