package sluice.route;

import java.util.Map;
import sluice.call.Grant;
import sluice.upstream.Upstream;

/// The targets by id. Each model lives at one target; orders of several come with virtual models.
public final class Router {
    private final Map<String, Upstream> upstreams;

    public Router(Map<String, Upstream> upstreams) {
        this.upstreams = Map.copyOf(upstreams);
    }

    public Route choose(Grant grant) {
        var upstream = upstreams.get(grant.model().target());
        if (upstream == null) {
            throw new IllegalStateException("no target '" + grant.model().target() + "'");
        }
        return new Route(upstream, grant.model());
    }
}
