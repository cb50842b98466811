package sluice.access;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.call.Failure;
import sluice.call.Grant;
import sluice.call.Meaning;
import sluice.call.Principal;
import sluice.call.Reach;
import sluice.call.RequestType;

/// Where one caller stands. Each of its levels can only narrow what the one above it grants; a level that names no models
/// leaves them to the others, and what nobody grants is not allowed. Of a caller's roles it is enough that one allows.
public final class Standing implements Reach {
    private final Principal caller;
    private final @Nullable String team;
    private final @Nullable String customer;
    private final List<Level> levels;
    private final List<Level> roles;

    Standing(
            Principal caller,
            @Nullable String team,
            @Nullable String customer,
            List<Level> levels,
            List<Level> roles) {
        this.caller = caller;
        this.team = team;
        this.customer = customer;
        this.levels = levels;
        this.roles = roles;
    }

    public Principal caller() {
        return caller;
    }

    public @Nullable String team() {
        return team;
    }

    public @Nullable String customer() {
        return customer;
    }

    @Override
    public boolean permits(Meaning model) {
        boolean granted = !roles.isEmpty() && roles.stream().anyMatch(role -> grants(role, model));
        if (!roles.isEmpty() && !granted) {
            return false;
        }
        for (var level : levels) {
            var models = level.terms().models();
            if (models != null) {
                if (!models.permit(model)) {
                    return false;
                }
                granted = true;
            }
        }
        return granted;
    }

    /// @throws sluice.call.CallFailed with {@code Failure.ModelNotAllowed}, which names who does not grant it
    public Grant authorize(Meaning model) {
        if (!permits(model)) {
            throw new Failure.ModelNotAllowed(model.text(), self().named(), refuser(model))
                    .asException();
        }
        return new Grant(caller, model);
    }

    /// What holds for a call whose model was granted.
    ///
    /// @param maxTokens how many output tokens it asks for at most, 0 when it does not say
    /// @throws sluice.call.CallFailed when the kind of request, its size or the hour is not allowed
    public void admit(Meaning model, RequestType type, long maxTokens, Instant now) {
        for (var level : levels) {
            var terms = level.terms();
            var requests = terms.requests();
            if (requests != null && !requests.contains(type)) {
                throw new Failure.RequestNotAllowed(level.named(), type.token()).asException();
            }
            var hours = terms.hours();
            if (hours != null && !hours.include(now)) {
                throw new Failure.OutsideHours(level.named(), hours.toString()).asException();
            }
        }
        var cap = cap(model);
        if (maxTokens > cap.terms().maxTokens()) {
            throw new Failure.TooManyTokens(cap.named(), maxTokens, cap.terms().maxTokens())
                    .asException();
        }
    }

    /// The most output tokens that one request for this model may ask for, {@link sluice.call.Terms#ANY_NUMBER} when
    /// there is no such number.
    public long maxTokens(Meaning model) {
        return cap(model).terms().maxTokens();
    }

    /// The level that allows the fewest tokens; of the roles that grant the model, the one that allows the most stands for
    /// all.
    private Level cap(Meaning model) {
        var tightest = levels.getFirst();
        for (var level : levels) {
            tightest = tighter(tightest, level);
        }
        Level widest = null;
        for (var role : roles) {
            boolean wider = widest == null || role.terms().maxTokens() > widest.terms().maxTokens();
            widest = grants(role, model) && wider ? role : widest;
        }
        return widest == null ? tightest : tighter(tightest, widest);
    }

    private static Level tighter(Level one, Level other) {
        return other.terms().maxTokens() < one.terms().maxTokens() ? other : one;
    }

    private static boolean grants(Level role, Meaning model) {
        var models = role.terms().models();
        return models != null && models.permit(model);
    }

    private Level self() {
        return levels.getLast();
    }

    private String refuser(Meaning model) {
        for (var level : levels) {
            var models = level.terms().models();
            if (models != null && !models.permit(model)) {
                return level.named();
            }
        }
        return roles.isEmpty()
                ? self().named()
                : String.join(" and ", roles.stream().map(Level::named).toList());
    }
}
