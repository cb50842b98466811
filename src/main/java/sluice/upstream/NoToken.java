package sluice.upstream;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.call.Secret;
import sluice.loop.Strand;

/// The source of a target that wants no token.
enum NoToken implements TokenSource {
    NONE;

    @Override
    public @Nullable Secret token(Strand strand) {
        return null;
    }

    @Override
    public boolean renew(Secret refused, Strand strand) {
        return false;
    }

    @Override
    public List<Secret> served() {
        return List.of();
    }
}
