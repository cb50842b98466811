package sluice.upstream;

import java.util.List;
import sluice.call.Secret;
import sluice.loop.Strand;

/// A token that stays the same for as long as the configuration does.
record FixedToken(Secret token) implements TokenSource {
    @Override
    public Secret token(Strand strand) {
        return token;
    }

    @Override
    public boolean renew(Secret refused, Strand strand) {
        return false;
    }

    @Override
    public List<Secret> served() {
        return List.of(token);
    }
}
