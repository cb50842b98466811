package sluice.upstream.databricks.auth;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.call.Failure;
import sluice.call.Secret;
import sluice.loop.Loop;
import sluice.loop.Loops;
import sluice.loop.Strand;
import sluice.upstream.Target;
import sluice.upstream.TokenSource;

/// Tokens that a workspace gives for a {@link SignIn}, kept as long as they live.
///
/// However many calls on however many loops want a token, at most one request for it is under way: a flight, on a
/// strand of its own, so that no caller that leaves takes it along. The others wait for it on their own strands and are
/// woken on their own loops. Nobody locks: what is known is one immutable value, written only by the flight.
public final class MintedTokens implements TokenSource {
    private static final Logger LOG = LoggerFactory.getLogger(MintedTokens.class);

    /// How long a call waits for a token, and how long fetching one may take.
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /// A flight ends by itself at {@link #PATIENCE}; who waits for it should hear its own words.
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    /// Until a stale token is tried to be replaced again, when that has failed.
    private static final Duration AFTER_FAILED_REFRESH = Duration.ofMinutes(1);

    /// For how long a failure is the answer, so that calls without a token do not flood the endpoint.
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

    /// A target that refuses a new token too does so for another reason; tokens are not minted for each of its calls.
    private static final Duration AFTER_RENEWAL = Duration.ofSeconds(30);

    private final String target;
    private final TokenEndpoint endpoint;
    private final Duration patience;
    private final Clock clock;
    private final AtomicReference<@Nullable Flight> underWay = new AtomicReference<>();
    private volatile Known known = Known.NOTHING;

    private MintedTokens(String target, TokenEndpoint endpoint, Duration patience, Clock clock) {
        this.target = target;
        this.endpoint = endpoint;
        this.patience = patience;
        this.clock = clock;
    }

    /// @param target the id of the target, for messages
    /// @param address any address at the workspace's host, such as the target's own
    /// @param deadlines the target's own; none of them is outlived, and 30 s neither
    public static MintedTokens of(
            String target,
            URI address,
            Target.Deadlines deadlines,
            SignIn signIn,
            Loops loops,
            Clock clock) {
        var patience = deadlines.total().compareTo(PATIENCE) < 0 ? deadlines.total() : PATIENCE;
        var connect = deadlines.connect().compareTo(patience) < 0 ? deadlines.connect() : patience;
        var endpoint = TokenEndpoint.at(target, address, connect, patience, signIn, loops, clock);
        return new MintedTokens(target, endpoint, patience, clock);
    }

    /// What all loops know. {@code failure} is why the last flight brought nothing; {@code renewedAt} is when a refused
    /// token was last replaced.
    private record Known(
            @Nullable MintedToken present,
            @Nullable MintedToken before,
            @Nullable RuntimeException failure,
            Instant failedAt,
            Instant renewedAt) {
        static final Known NOTHING = new Known(null, null, null, Instant.EPOCH, Instant.EPOCH);

        Known with(MintedToken token, Instant renewedAt) {
            return new Known(token, present, null, Instant.EPOCH, renewedAt);
        }

        Known failing(RuntimeException why, Instant now) {
            return new Known(present, before, why, now, renewedAt);
        }

        boolean serves(Instant now) {
            return present != null && !present.isExpired(now);
        }

        boolean holds(Secret secret) {
            return present != null && present.secret().equals(secret);
        }
    }

    @Override
    public Secret token(Strand strand) {
        long deadline = deadline();
        while (true) {
            var now = clock.instant();
            var seen = known;
            var present = seen.present();
            if (present != null && !present.isExpired(now)) {
                if (present.isStale(now) && !within(AFTER_FAILED_REFRESH, seen.failedAt(), now)) {
                    join(strand.loop(), Purpose.REFRESH, seen);
                }
                return present.secret();
            }
            throwIfItJustFailed(seen, now);
            var token = landed(join(strand.loop(), Purpose.FIRST, seen), strand, deadline);
            if (token != null) {
                return token.secret();
            }
        }
    }

    @Override
    public boolean renew(Secret refused, Strand strand) {
        long deadline = deadline();
        while (true) {
            var now = clock.instant();
            var seen = known;
            if (!seen.holds(refused)) {
                return true;
            }
            if (within(AFTER_RENEWAL, seen.renewedAt(), now)) {
                return false;
            }
            throwIfItJustFailed(seen, now);
            landed(join(strand.loop(), Purpose.RENEWAL, seen), strand, deadline);
        }
    }

    private long deadline() {
        return System.nanoTime() + patience.plus(LAST_WORDS).toNanos();
    }

    private static boolean within(Duration time, Instant since, Instant now) {
        return now.isBefore(since.plus(time)) && !now.isBefore(since);
    }

    private static void throwIfItJustFailed(Known seen, Instant now) {
        var failure = seen.failure();
        if (failure != null && within(AFTER_FAILURE, seen.failedAt(), now)) {
            throw failure;
        }
    }

    /// The flight that is under way, or a new one.
    ///
    /// @param seen what made somebody want it; when it has changed since, nobody flies
    private Flight join(Loop loop, Purpose purpose, Known seen) {
        var mine = new Flight();
        var other = underWay.compareAndExchange(null, mine);
        if (other != null) {
            return other;
        }
        if (!known.equals(seen)) {
            land(mine, null, null);
            return mine;
        }
        try {
            loop.execute(() -> loop.strand(strand -> fly(mine, purpose, strand)).start());
        } catch (RuntimeException stopping) {
            land(mine, null, stopping);
        }
        return mine;
    }

    /// On a strand of its own.
    private void fly(Flight mine, Purpose purpose, Strand strand) {
        try {
            var token = endpoint.mint(strand);
            var seen = known;
            known =
                    seen.with(
                            token, purpose == Purpose.RENEWAL ? clock.instant() : seen.renewedAt());
            LOG.debug("The target '{}' gave a token ({})", target, purpose);
            land(mine, token, null);
        } catch (RuntimeException failed) {
            var now = clock.instant();
            known = known.failing(failed, now);
            LOG.warn(
                    "No token for the target '{}': {}{}",
                    target,
                    failed.getMessage(),
                    known.serves(now) ? " The one before still serves." : "");
            land(mine, null, failed);
        } finally {
            if (!mine.over) {
                land(mine, null, new Failure.Bug().asException());
            }
        }
    }

    private void land(
            Flight mine, @Nullable MintedToken token, @Nullable RuntimeException failure) {
        underWay.set(null);
        mine.land(token, failure);
    }

    private @Nullable MintedToken landed(Flight flight, Strand strand, long deadline) {
        flight.waiting.add(strand);
        if (!strand.await(() -> flight.over, deadline)) {
            throw new Failure.TimedOut(target, Failure.TimedOut.Phase.TOKEN, patience)
                    .asException();
        }
        var failure = flight.failure;
        if (failure != null) {
            throw failure;
        }
        return flight.token;
    }

    /// Why a flight goes.
    private enum Purpose {
        /// Calls wait for it.
        FIRST,
        /// A stale token still serves.
        REFRESH,
        /// A target refused the token.
        RENEWAL
    }

    /// One request for a token, and who waits for it. It lands without a token and without a failure when another one
    /// has just landed.
    private static final class Flight {
        private final Queue<Strand> waiting = new ConcurrentLinkedQueue<>();
        private @Nullable MintedToken token;
        private @Nullable RuntimeException failure;
        private volatile boolean over;

        /// Who comes in between sees {@code over} before waiting, so nobody is left asleep.
        void land(@Nullable MintedToken brought, @Nullable RuntimeException failed) {
            token = brought;
            failure = failed;
            over = true;
            waiting.forEach(Strand::wake);
        }
    }

    @Override
    public List<Secret> served() {
        var seen = known;
        var served = new ArrayList<Secret>(2);
        if (seen.present() != null) {
            served.add(seen.present().secret());
        }
        if (seen.before() != null) {
            served.add(seen.before().secret());
        }
        return served;
    }

    @Override
    public void retire(Duration remaining) {
        endpoint.retire(remaining);
    }

    @Override
    public String toString() {
        return "(tokens of '" + target + "')";
    }
}
