package sluice;

import sluice.loop.Carrier;

/// On what the calls of a gateway run. Everything must come out the same on both.
enum Carried {
    BY_ITS_LOOP,
    BY_THE_JDK;

    Carrier carrier() {
        return switch (this) {
            case BY_ITS_LOOP -> Carrier.open();
            case BY_THE_JDK -> Carrier.defaultScheduler();
        };
    }
}
