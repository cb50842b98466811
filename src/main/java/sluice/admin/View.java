package sluice.admin;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import sluice.call.Reach;
import sluice.call.Secret;
import sluice.catalog.Catalog;
import sluice.route.Router;

/// What operators may look at: one moment of the running gateway.
///
/// @param key what an operator presents; null when nobody is one
/// @param reaches what the virtual key of an id may use; null when there is none
public record View(
        @Nullable Secret key,
        Router routes,
        Catalog catalog,
        Function<String, @Nullable Reach> reaches) {}
