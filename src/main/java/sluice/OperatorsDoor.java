package sluice;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.access.Accounts;
import sluice.access.BudgetEvent;
import sluice.admin.BudgetRow;
import sluice.admin.Doorkeeper;
import sluice.admin.EventRow;
import sluice.call.AdminRole;
import sluice.call.Budget;
import sluice.call.Principal;
import sluice.call.Secret;
import sluice.config.AdminConfig;
import sluice.identity.KeyHasher;
import sluice.server.Exchange;
import sluice.store.KeyHash;
import sluice.store.Store;

/// The part of the composition root that lets operators in: by the keys and roles of the configuration, or, where it names
/// none, by a token that is printed at the first start and is good for one thing, the making of an admin key.
final class OperatorsDoor {
    private static final Logger LOG = LoggerFactory.getLogger(OperatorsDoor.class);
    private static final int EVENTS_KEPT = 1_000;
    private static final String TOKEN = "one-time-token";
    private static final String ADMIN_KEY = "admin-key";

    private final Store store;
    private final KeyHasher hasher;
    private final Supplier<AdminConfig> running;
    private final Clock clock;
    private final ConcurrentLinkedDeque<EventRow> events = new ConcurrentLinkedDeque<>();
    private final AtomicInteger kept = new AtomicInteger();
    private final SecureRandom random = new SecureRandom();
    private volatile @Nullable KeyHash adminKey;

    /// @param running who is named as an operator at the moment
    OperatorsDoor(Store store, KeyHasher hasher, Supplier<AdminConfig> running, Clock clock) {
        this.store = store;
        this.hasher = hasher;
        this.running = running;
        this.clock = clock;
    }

    /// Looks who was let in before.
    void open() {
        adminKey = store.kept(ADMIN_KEY).map(KeyHash::of).orElse(null);
    }

    /// Makes the token that lets the first operator in, where nobody was let in and the configuration names nobody. It is
    /// told this once, so it is made when it can be told, and not by a start that may still fail.
    Optional<Secret> oneTimeToken() {
        if (running.get().isOpen() || adminKey != null || store.kept(TOKEN).isPresent()) {
            return Optional.empty();
        }
        var token = fresh("sk-slc-once-");
        var hash = hasher.hash(token).bytes();
        return Arrays.equals(store.keep(TOKEN, hash), hash)
                ? Optional.of(new Secret(token))
                : Optional.empty();
    }

    /// @return an admin key for the one-time token; null for anything else, and when it was made before
    @Nullable String claim(String presented) {
        var token = store.kept(TOKEN).map(KeyHash::of);
        if (running.get().isOpen()
                || token.isEmpty()
                || !token.get().matches(hasher.hash(presented))) {
            return null;
        }
        var key = fresh("sk-slc-admin-");
        var hash = hasher.hash(key);
        if (!KeyHash.of(store.keep(ADMIN_KEY, hash.bytes())).matches(hash)) {
            return null;
        }
        adminKey = hash;
        return key;
    }

    private String fresh(String prefix) {
        var bytes = new byte[32];
        random.nextBytes(bytes);
        return prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    Doorkeeper doorkeeper(Function<Exchange, @Nullable Principal> tokens) {
        var config = running.get();
        var keys = new ArrayList<Doorkeeper.Key>();
        config.key()
                .ifPresent(
                        key -> keys.add(new Doorkeeper.Key("admin", key, AdminRole.ADMIN, null)));
        for (var key : config.keys()) {
            keys.add(new Doorkeeper.Key(key.id(), key.key(), key.role(), key.team().orElse(null)));
        }
        var claimed = config.isOpen() ? null : adminKey; // whoever names an admin closes that door
        return new Doorkeeper(
                keys,
                claimed == null ? null : presented -> claimed.matches(hasher.hash(presented)),
                config.roles(),
                tokens);
    }

    /// Keeps what happened to budgets for whoever looks, and logs it.
    void tell(BudgetEvent event) {
        LOG.warn(
                "The budget {} of {}: {} at {} %",
                event.account(), event.owner(), event.kind().token(), event.percent());
        events.addFirst(
                new EventRow(
                        event.when(),
                        event.kind().token(),
                        event.owner(),
                        event.account(),
                        unit(event.unit()),
                        event.used(),
                        event.limit(),
                        event.percent()));
        if (kept.incrementAndGet() > EVENTS_KEPT) {
            events.pollLast();
            kept.decrementAndGet();
        }
    }

    List<EventRow> events() {
        return List.copyOf(events);
    }

    List<BudgetRow> budgets(Accounts accounts) {
        var rows = new ArrayList<BudgetRow>();
        long now = clock.millis();
        accounts.each(state -> {
            var budget = state.budget();
            rows.add(
                    new BudgetRow(
                            state.account(),
                            unit(budget.unit()),
                            budget.every().token(),
                            budget.rolling(),
                            budget.enforced(),
                            budget.limitAt(Instant.ofEpochMilli(now)),
                            state.spent(),
                            state.held(),
                            Instant.ofEpochMilli(now + state.untilEmptyMillis())));
        });
        return rows;
    }

    private static String unit(Budget.Unit unit) {
        return unit.name().toLowerCase(Locale.ROOT);
    }
}
