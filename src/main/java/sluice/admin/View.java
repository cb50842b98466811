package sluice.admin;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import sluice.call.Principal;
import sluice.call.Secret;
import sluice.catalog.Catalog;
import sluice.route.Router;

/// What operators may look at: one moment of the running gateway.
///
/// @param key what an operator presents; null when nobody is one
/// @param callers who stands behind the id of a virtual key; null behind one that is not there
public record View(
        @Nullable Secret key,
        Router routes,
        Catalog catalog,
        Function<String, @Nullable Principal> callers) {}
