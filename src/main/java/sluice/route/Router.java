package sluice.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import sluice.call.Dialect;
import sluice.call.Failure;
import sluice.call.Grant;
import sluice.call.RequestType;
import sluice.translate.Pair;
import sluice.translate.Pairs;
import sluice.upstream.Upstream;

/// The targets by id. Each model lives at one target; orders of several come with virtual models.
public final class Router {
    private final Map<String, Upstream> upstreams;
    private final Pairs pairs;

    public Router(Map<String, Upstream> upstreams, Pairs pairs) {
        this.upstreams = Map.copyOf(upstreams);
        this.pairs = pairs;
    }

    /// @param asked the caller's dialect
    /// @throws sluice.call.CallFailed with {@code Failure.RequestTypeOff} when the operator switched it off, with
    ///     {@code Failure.NotSpoken} when the target can be asked in no dialect that this one can be translated into
    public Route choose(Grant grant, Dialect asked, boolean stream) {
        var upstream = upstreams.get(grant.model().target());
        if (upstream == null) {
            throw new IllegalStateException("no target '" + grant.model().target() + "'");
        }
        var type = RequestType.of(asked, stream);
        if (!upstream.allows(type)) {
            throw new Failure.RequestTypeOff(upstream.id(), type.token()).asException();
        }
        var model = grant.model().model();
        if (upstream.speaks(asked, model)) {
            return new Route(upstream, grant, asked, null);
        }
        for (var other : nearest(asked)) {
            if (upstream.speaks(other, model)) {
                return new Route(upstream, grant, other, pair(asked, other));
            }
        }
        throw notSpoken(upstream, grant, asked).asException();
    }

    /// The dialects that lose the least of this one, the best first.
    private static List<Dialect> nearest(Dialect asked) {
        return switch (asked) {
            case CHAT -> List.of(Dialect.MESSAGES);
            case MESSAGES -> List.of(Dialect.CHAT);
            // Who speaks messages signs its thoughts there, and takes them back.
            case RESPONSES -> List.of(Dialect.MESSAGES, Dialect.CHAT);
            case COMPLETIONS -> List.of(Dialect.CHAT, Dialect.MESSAGES);
            case EMBEDDINGS, COUNT_TOKENS, INVOCATIONS -> List.of();
        };
    }

    private Pair pair(Dialect asked, Dialect spoken) {
        var pair = pairs.between(asked, spoken);
        if (pair == null) {
            throw new IllegalStateException(
                    "no pair for " + asked.token() + " and " + spoken.token());
        }
        return pair;
    }

    private static Failure notSpoken(Upstream upstream, Grant grant, Dialect asked) {
        var spoken = new ArrayList<String>();
        for (var dialect : Dialect.values()) {
            if (upstream.speaks(dialect, grant.model().model())) {
                spoken.add(dialect.token());
            }
        }
        return new Failure.NotSpoken(grant.model().toString(), asked.token(), spoken);
    }
}
