package sluice.line;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import sluice.access.Access;
import sluice.catalog.Catalog;
import sluice.catalog.HubTarget;
import sluice.catalog.ModelBook;
import sluice.identity.Identity;
import sluice.json.Limits;
import sluice.ledger.SpendJournal;
import sluice.meter.PriceBook;
import sluice.route.Router;

/// Everything that a decision needs, immutable. A reload makes a new one and swaps it by one volatile write; a call
/// keeps the one it began with.
///
/// @param book what is known of a model, by the name that its target knows it by
/// @param journal where it is written down what calls hold and use
/// @param lacksLimits whether something that limits callers could not be read, so that no call may begin
/// @param hub what the targets were last found to serve, with all that they say of it
/// @param rediscover asks the targets again what they serve, soon and not too often
/// @param takesTfy whether the headers of the system that many callers come from are understood (facts/forms.md
///     section 4)
/// @param keepAlive how long a stream may be silent before the caller is sent a comment
public record Snapshot(
        Identity identity,
        Access access,
        Catalog catalog,
        Router routes,
        ModelBook book,
        PriceBook prices,
        SpendJournal journal,
        boolean lacksLimits,
        Supplier<List<HubTarget>> hub,
        Runnable rediscover,
        Limits limits,
        boolean takesTfy,
        Duration keepAlive) {}
