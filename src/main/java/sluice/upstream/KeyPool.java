package sluice.upstream;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sluice.call.CallFailed;
import sluice.call.Dialect;
import sluice.call.Failure;
import sluice.call.ModelName;
import sluice.call.ModelPatterns;
import sluice.call.Rendezvous;
import sluice.call.RequestType;
import sluice.loop.Strand;

/// One target with several credentials, each with connections of its own. A call goes out with one of them; when that
/// one is refused or has nothing left, the next is tried before the target counts as failed. One that was refused rests
/// for a while and is then tried last, never left out. Shared by all loops; lock-free.
public final class KeyPool implements Upstream {
    private static final Duration USUAL_REST = Duration.ofSeconds(10);
    private static final Duration LONGEST_REST = Duration.ofMinutes(2);
    private static final Duration REFUSED_REST = Duration.ofMinutes(1);
    private static final long AWAKE = Long.MIN_VALUE;

    /// A bit for each in one word.
    public static final int MAX_CREDENTIALS = 64;

    private final String id;
    private final Member[] members;
    private final LongSupplier nanos;
    private final DoubleSupplier chance;

    /// One credential.
    ///
    /// @param id in the configuration; it may be shown
    /// @param upstream the target, asked with this credential
    /// @param weight its share of the calls, relative to the others'
    /// @param models for which it may be used
    public record Credential(String id, Upstream upstream, int weight, ModelPatterns models) {
        public Credential {
            if (weight < 1) {
                throw new IllegalArgumentException("a credential's weight is positive: " + weight);
            }
        }
    }

    private static final class Member {
        final Credential credential;
        final long hash;
        volatile long restsUntil = AWAKE;

        Member(Credential credential) {
            this.credential = credential;
            this.hash = Rendezvous.hash(credential.id());
        }

        boolean rests(long now) {
            long until = restsUntil;
            return until != AWAKE && now - until < 0;
        }
    }

    /// @param credentials 1 to {@value #MAX_CREDENTIALS}, all of the same target
    /// @param nanos the clock by which rests end
    /// @param chance numbers from 0 to below 1, from any thread
    public KeyPool(List<Credential> credentials, LongSupplier nanos, DoubleSupplier chance) {
        if (credentials.isEmpty() || credentials.size() > MAX_CREDENTIALS) {
            throw new IllegalArgumentException(
                    "a pool has 1 to "
                            + MAX_CREDENTIALS
                            + " credentials, got "
                            + credentials.size());
        }
        this.id = credentials.getFirst().upstream().id();
        this.members = credentials.stream().map(Member::new).toArray(Member[]::new);
        this.nanos = nanos;
        this.chance = chance;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public boolean speaks(Dialect dialect, String model) {
        for (var member : members) {
            if (member.credential.upstream().speaks(dialect, model)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean allows(RequestType type) {
        return first().allows(type);
    }

    @Override
    public boolean isReady(String model) {
        for (var member : members) {
            if (member.credential.upstream().isReady(model)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public Reply send(Strand strand, Question question) {
        long untried = allowed(question);
        Failure.RateLimited limited = null;
        while (true) {
            int chosen = choose(question, untried);
            var member = members[chosen];
            untried &= ~(1L << chosen);
            try {
                return member.credential.upstream().send(strand, question);
            } catch (CallFailed stopped) {
                if (!(stopped.failure() instanceof Failure.Upstream failure)
                        || !rest(member, failure)) {
                    throw stopped;
                }
                limited = sooner(limited, failure);
                if (untried == 0) {
                    throw limited == null ? stopped : limited.asException();
                }
                question.refused().accept(member.credential.id(), failure);
            }
        }
    }

    /// The credentials that may be used for the model, a bit for each.
    private long allowed(Question question) {
        var name = new ModelName(id, question.model());
        long allowed = 0;
        for (int i = 0; i < members.length; i++) {
            if (members[i].credential.models().permit(name)) {
                allowed |= 1L << i;
            }
        }
        if (allowed == 0) {
            throw new Failure.Rejected(
                            id,
                            404,
                            "None of the credentials of the target '"
                                    + id
                                    + "' is for the model '"
                                    + question.model()
                                    + "' (credentials[].models).",
                            null,
                            "model_not_found",
                            "model")
                    .asException();
        }
        return allowed;
    }

    /// Whether another credential may do better; then this one rests.
    private boolean rest(Member member, Failure.Upstream failure) {
        var rest =
                switch (failure) {
                    case Failure.CredentialRefused _ -> REFUSED_REST;
                    case Failure.Rejected rejected ->
                            rejected.status() == 403 ? REFUSED_REST : Duration.ZERO;
                    case Failure.RateLimited limited -> {
                        var asked = limited.retryAfter();
                        yield asked == null
                                ? USUAL_REST
                                : asked.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : asked;
                    }
                    case Failure.Unreachable _,
                            Failure.TimedOut _,
                            Failure.BrokenAnswer _,
                            Failure.ProtocolError _,
                            Failure.Faulted _ ->
                            Duration.ZERO;
                };
        if (rest.isZero() && !(failure instanceof Failure.RateLimited)) {
            return false;
        }
        member.restsUntil = nanos.getAsLong() + rest.toNanos();
        return true;
    }

    /// When all are limited, the target may be asked again as soon as the first of them may.
    private static Failure.@Nullable RateLimited sooner(
            Failure.@Nullable RateLimited before, Failure.Upstream failure) {
        if (!(failure instanceof Failure.RateLimited limited)) {
            return before;
        }
        if (before == null || before.retryAfter() == null) {
            return limited;
        }
        var wait = limited.retryAfter();
        return wait != null && wait.compareTo(before.retryAfter()) < 0 ? limited : before;
    }

    private int choose(Question question, long untried) {
        long now = nanos.getAsLong();
        long awake = 0;
        for (long rest = untried; rest != 0; rest &= rest - 1) {
            int i = Long.numberOfTrailingZeros(rest);
            if (!members[i].rests(now)) {
                awake |= 1L << i;
            }
        }
        long from = awake == 0 ? untried : awake;
        return sticks(question) ? byCaller(question.caller().id(), from) : byWeight(from);
    }

    /// Encrypted reasoning can be read by the credential alone that it was made for (facts/llm-protocols.md section 16,
    /// trap 45), so the calls of one caller keep to one.
    private static boolean sticks(Question question) {
        return question.asked().dialect() == Dialect.RESPONSES;
    }

    private int byWeight(long from) {
        int sum = 0;
        for (long rest = from; rest != 0; rest &= rest - 1) {
            sum += members[Long.numberOfTrailingZeros(rest)].credential.weight();
        }
        double drawn = chance.getAsDouble() * sum;
        long rest = from;
        while (true) {
            int i = Long.numberOfTrailingZeros(rest);
            rest &= rest - 1;
            drawn -= members[i].credential.weight();
            if (drawn < 0 || rest == 0) {
                return i;
            }
        }
    }

    /// Where the caller meets.
    private int byCaller(String caller, long from) {
        long key = Rendezvous.hash(caller);
        int best = Long.numberOfTrailingZeros(from);
        double bestScore = Double.POSITIVE_INFINITY;
        for (long rest = from; rest != 0; rest &= rest - 1) {
            int i = Long.numberOfTrailingZeros(rest);
            var member = members[i];
            double score = Rendezvous.draw(key, member.hash, member.credential.weight());
            if (score < bestScore) {
                best = i;
                bestScore = score;
            }
        }
        return best;
    }

    /// The target as its first credential sees it.
    public Upstream first() {
        return members[0].credential.upstream();
    }

    /// What any of the credentials may see.
    @Override
    public Supplier<List<String>> models(Strand strand) {
        var lists = new ArrayList<Supplier<List<String>>>();
        CallFailed failed = null;
        for (var member : members) {
            try {
                lists.add(member.credential.upstream().models(strand));
            } catch (CallFailed refused) {
                failed = refused;
            }
        }
        if (lists.isEmpty() && failed != null) {
            throw failed;
        }
        return () -> {
            var names = new LinkedHashSet<String>();
            lists.forEach(list -> names.addAll(list.get()));
            return List.copyOf(names);
        };
    }

    /// Well when it is for any of the credentials.
    @Override
    public void probe(Strand strand, String path) {
        CallFailed failed = null;
        for (var member : members) {
            try {
                member.credential.upstream().probe(strand, path);
                return;
            } catch (CallFailed refused) {
                failed = refused;
            }
        }
        if (failed != null) {
            throw failed;
        }
    }

    @Override
    public void retire(Duration patience) {
        for (var member : members) {
            member.credential.upstream().retire(patience);
        }
    }
}
