package sluice.line;

import java.time.Duration;
import sluice.access.Access;
import sluice.catalog.Catalog;
import sluice.identity.VirtualKeys;
import sluice.json.Limits;
import sluice.route.Router;

/// Everything that a decision needs, immutable. A reload makes a new one and swaps it by one volatile write; a call
/// keeps the one it began with.
///
/// @param keepAlive how long a stream may be silent before the caller is sent a comment
public record Snapshot(
        VirtualKeys identity,
        Access access,
        Catalog catalog,
        Router routes,
        Limits limits,
        Duration keepAlive) {}
