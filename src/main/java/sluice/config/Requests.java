package sluice.config;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import sluice.call.RequestType;

/// Which kinds of request a target takes, and where those go that do not go to the usual place.
///
/// @param paths a path behind the base URL, or an absolute address
public record Requests(Set<RequestType> allowed, Map<RequestType, String> paths) {
    public static final Requests USUAL = new Requests(EnumSet.allOf(RequestType.class), Map.of());

    public Requests {
        allowed = Set.copyOf(allowed);
        paths = Map.copyOf(paths);
    }
}
