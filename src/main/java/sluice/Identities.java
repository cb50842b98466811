package sluice;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.call.Allowance;
import sluice.call.CallFailed;
import sluice.call.ModelPatterns;
import sluice.config.IdentityConfig;
import sluice.config.IssuerConfig;
import sluice.config.TrustedProxyConfig;
import sluice.config.WorkspaceConfig;
import sluice.identity.ClaimNames;
import sluice.identity.Fetch;
import sluice.identity.Identity;
import sluice.identity.IssuerRule;
import sluice.identity.Issuers;
import sluice.identity.Means;
import sluice.identity.TrustedProxy;
import sluice.identity.VirtualKeys;
import sluice.identity.WorkspaceRule;
import sluice.identity.Workspaces;
import sluice.loop.Loops;
import sluice.loop.Strand;
import sluice.upstream.Documents;

/// The part of the composition root that makes what knows callers by more than a virtual key, and keeps it through
/// changes of the configuration.
final class Identities implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Identities.class);

    private static final Duration LOOKS_EVERY = Duration.ofSeconds(1);

    /// Signatures that wait for a thread; a check takes from 30 us to 3 ms.
    private static final int MOST_WAITING = 4096;

    private final Documents documents;
    private final ExecutorService fetching;
    private final ThreadPoolExecutor checking;
    private final Means means;
    private final Thread watch;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Issuers issuers;
    private volatile Workspaces workspaces;
    private List<WorkspaceConfig> asked = List.of();
    private @Nullable TrustedProxy proxy;

    /// @param ask runs a question on a strand of its own and waits for it
    /// @param teams whether a team of this name is declared
    Identities(
            Loops loops,
            Function<Function<Strand, Documents.Document>, Documents.Document> ask,
            Clock clock,
            Predicate<String> teams) {
        this.documents = new Documents(loops);
        this.fetching =
                Executors.newThreadPerTaskExecutor(
                        Thread.ofPlatform().name("identity-fetch-", 0).daemon().factory());
        this.checking = checking();
        Fetch fetch =
                (address, bearer, maxBytes) -> {
                    try {
                        var document =
                                ask.apply(
                                        strand -> documents.get(strand, address, bearer, maxBytes));
                        return new Fetch.Answer(document.status(), document.body());
                    } catch (CallFailed failed) {
                        throw new Fetch.Unfetched(words(failed));
                    }
                };
        this.means = new Means(fetch, fetching, checking, clock, teams);
        this.issuers = Issuers.of(List.of(), means, null);
        this.workspaces = new Workspaces(List.of(), means);
        this.watch = Thread.ofVirtual().name("identity-watch").start(this::watch);
    }

    /// What the socket says names its host and ends in a full stop.
    private static String words(CallFailed failed) {
        return failed.failure().message().replaceFirst("\\.$", "");
    }

    /// Not as many threads as processors: the loops need some too.
    private static ThreadPoolExecutor checking() {
        int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        var pool =
                new ThreadPoolExecutor(
                        threads,
                        threads,
                        10,
                        TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(MOST_WAITING),
                        Thread.ofPlatform().name("identity-check-", 0).daemon().factory());
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    private void watch() {
        try {
            while (!closed.await(LOOKS_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                issuers.refreshWhenDue();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException bug) {
            LOG.error("The keys of issuers are not looked after any more", bug);
        }
    }

    /// Called when a configuration is taken over, before the snapshot that is made of it.
    void takeOver(IdentityConfig config) {
        issuers =
                Issuers.of(
                        config.issuers().stream().map(Identities::rule).toList(), means, issuers);
        proxy = config.trustedProxy().map(Identities::proxy).orElse(null);
        if (!config.workspaces().equals(asked)) { // what they said goes on to hold otherwise
            asked = config.workspaces();
            workspaces = new Workspaces(asked.stream().map(Identities::rule).toList(), means);
        }
    }

    private static TrustedProxy proxy(TrustedProxyConfig config) {
        return new TrustedProxy(
                config.addresses(),
                config.user().orElse(null),
                config.groups().orElse(null),
                config.roles().orElse(null));
    }

    private static WorkspaceRule rule(WorkspaceConfig config) {
        return new WorkspaceRule(
                config.host(),
                config.team().orElse(null),
                own(config.models()),
                config.remembered(),
                config.questionsPerMinute());
    }

    private static IssuerRule rule(IssuerConfig config) {
        var claims = config.claims();
        return new IssuerRule(
                config.issuer(),
                config.audience(),
                config.keySet().orElse(null),
                Set.copyOf(config.algorithms()),
                new ClaimNames(
                        claims.user(),
                        claims.groups(),
                        claims.roles(),
                        claims.team().orElse(null),
                        claims.customer().orElse(null)),
                own(config.models()),
                config.clockSkew(),
                config.refresh());
    }

    private static Allowance own(Optional<ModelPatterns> models) {
        return models.map(Allowance::models).orElse(Allowance.SILENT);
    }

    Identity identity(VirtualKeys keys) {
        return new Identity(keys, issuers, workspaces, proxy, means.teams());
    }

    /// What an operator should know about readiness; none of it keeps calls with virtual keys away.
    List<String> reasons() {
        return issuers.withoutKeys().stream()
                .map(name ->
                        "The keys of the issuer '"
                                + name
                                + "' have not been fetched yet; its tokens cannot be checked.")
                .toList();
    }

    @Override
    public void close() {
        closed.countDown();
        watch.interrupt();
        fetching.shutdownNow();
        checking.shutdownNow();
        documents.close();
    }
}
