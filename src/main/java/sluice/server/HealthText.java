package sluice.server;

import sluice.call.Bytes;
import sluice.json.JsonText;

/// What the health routes answer.
final class HealthText {
    private HealthText() {}

    static Bytes of(Readiness state) {
        var text = new JsonText().object().field("status", state.ready() ? "ok" : "unavailable");
        text.array("reasons");
        for (var reason : state.reasons()) {
            text.value(reason);
        }
        return text.end().end().toBytes();
    }
}
