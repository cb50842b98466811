package sluice;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.access.Access;
import sluice.access.Accounts;
import sluice.admin.Admin;
import sluice.admin.View;
import sluice.call.Principal;
import sluice.call.Secret;
import sluice.call.VirtualName;
import sluice.catalog.Catalog;
import sluice.catalog.Discovery;
import sluice.catalog.ModelBook;
import sluice.catalog.TargetModels;
import sluice.config.Compatibility;
import sluice.config.Configuration;
import sluice.config.ConfigurationReader;
import sluice.config.Fault;
import sluice.config.LedgerConfig;
import sluice.config.Loaded;
import sluice.config.ModelSelection;
import sluice.config.StoredDocument;
import sluice.config.TargetConfig;
import sluice.identity.KeyTable;
import sluice.identity.VirtualKeys;
import sluice.json.Limits;
import sluice.json.NotJson;
import sluice.ledger.Ledger;
import sluice.ledger.LedgerFile;
import sluice.line.Arrived;
import sluice.line.ModelCalls;
import sluice.line.Snapshot;
import sluice.loop.Carrier;
import sluice.loop.Loops;
import sluice.loop.Strand;
import sluice.meter.PriceBook;
import sluice.route.Health;
import sluice.route.HealthNews;
import sluice.route.Probes;
import sluice.route.Router;
import sluice.server.Listener;
import sluice.server.Readiness;
import sluice.translate.Pairs;
import sluice.upstream.Upstream;
import sluice.upstream.databricks.InlineImages;
import sluice.upstream.databricks.RequestFields;

/// The composition root: every part of the product is made here, from the outside world inwards, and nowhere else but
/// in {@link Targets}, which makes what calls the targets.
public final class Gateway implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

    /// A target may be silent for minutes; the others are not held back for longer than this.
    private static final Duration FIRST_DISCOVERY = Duration.ofSeconds(10);

    private final Loops loops;
    private final Pairs pairs;
    private final InlineImages images;
    private final Targets targets;
    private final Identities identities;
    private final Health health;
    private final Clock clock;
    private final Books books;
    private final OperatorsDoor door;
    private final StoredObjects stored;
    private final Admin admin;
    private final KeyTable madeKeys;
    private final Accounts accounts;
    private final Ledger ledger;
    private final Listener listener;
    private final Configuration started;
    private volatile Configuration configuration;
    private volatile Served served;
    private volatile Snapshot snapshot;
    private volatile RequestFields requestFields;
    private volatile List<String> refusedReload = List.of();
    private final AtomicBoolean closed = new AtomicBoolean();

    /// The targets of one configuration, which live and retire together.
    private record Served(Map<String, Upstream> upstreams, Discovery discovery, Probes probes) {}

    /// Builds and opens everything.
    ///
    /// @throws IllegalStateException when the address cannot be bound
    /// @throws java.io.UncheckedIOException when the ledger cannot be opened
    public static Gateway start(Configuration configuration, Clock clock, Carrier carrier) {
        return start(
                configuration,
                _ -> new Loaded.Good(configuration, List.of()),
                clock,
                carrier,
                System::nanoTime);
    }

    /// @param configuration what the files say
    /// @param reader reads them again, together with what operators have stored
    public static Gateway start(
            Configuration configuration, ConfigurationReader reader, Clock clock, Carrier carrier) {
        return start(configuration, reader, clock, carrier, System::nanoTime);
    }

    /// @param nanos the clock by which the targets' health ages
    static Gateway start(
            Configuration configuration,
            ConfigurationReader reader,
            Clock clock,
            Carrier carrier,
            LongSupplier nanos) {
        return new Gateway(configuration, reader, clock, carrier, nanos);
    }

    private Gateway(
            Configuration files,
            ConfigurationReader reader,
            Clock clock,
            Carrier carrier,
            LongSupplier nanos) {
        this.clock = clock;
        var opening = CompletableFuture.supplyAsync(() -> Books.open(files.store(), clock));
        this.loops = Loops.start(files.server().eventLoops(), files.server().workers(), carrier);
        this.requestFields = requestFields(files);
        this.images = InlineImages.create(loops, InlineImages.Limits.DEFAULT);
        this.health = Health.by(nanos, HealthNews.NOBODY);
        this.targets =
                new Targets(loops, images, () -> requestFields, clock, nanos, Gateway::chance);
        this.identities =
                new Identities(
                        loops, this::asked, clock, team -> snapshot.access().knowsTeam(team));
        this.pairs =
                Pairs.create(
                        clock,
                        () ->
                                Long.toString(
                                        ThreadLocalRandom.current().nextLong(1L << 40, 1L << 60),
                                        36));
        this.madeKeys = KeyTable.of(List.of());
        this.books = opened(opening, loops);
        this.door =
                new OperatorsDoor(
                        books.store(), books.hasher(), () -> configuration.admin(), clock);
        this.accounts = new Accounts(clock, door::tell);
        this.configuration = files;
        this.stored =
                new StoredObjects(books.store(), reader, () -> configuration, this::take, madeKeys);
        takeWhatIsStoredOrNothing(files);
        this.started = configuration;
        this.identities.takeOver(configuration.identity());
        this.ledger = ledgerOrNothing(configuration.ledger());
        synchronized (this) { // discovery may already have news
            this.served = serve(configuration, Map.of());
            this.snapshot = snapshot(configuration, served);
        }
        this.admin =
                new Admin(
                        this::view,
                        stored,
                        books.store(),
                        books.hasher()::hash,
                        door::claim,
                        clock);
        stored.watch();
        var modelCalls = new ModelCalls(() -> snapshot, ledger, admin);
        this.listener = listenOrNothing(modelCalls);
        LOG.info(
                "Listening on {}:{} with {} loops, {} transport, {} targets, {} virtual keys",
                configuration.server().listen().host(),
                port(),
                loops.all().size(),
                loops.nativeTransport() ? "epoll" : "JDK",
                configuration.targets().size(),
                configuration.virtualKeys().size());
    }

    private static Books opened(CompletableFuture<Books> opening, Loops loops) {
        try {
            return opening.join();
        } catch (CompletionException failed) {
            loops.close();
            throw failed.getCause() instanceof RuntimeException cause ? cause : failed;
        }
    }

    /// A start that fails gives back what it took, the directory of the books above all.
    private void takeWhatIsStoredOrNothing(Configuration files) {
        try {
            books.seed(accounts, clock.instant());
            configuration = stored.load().map(Gateway::good).orElse(files);
            door.open();
        } catch (RuntimeException refused) {
            closeBehindTheLedger();
            throw refused;
        }
    }

    private Ledger ledgerOrNothing(LedgerConfig config) {
        try {
            return ledger(config, clock);
        } catch (RuntimeException refused) {
            closeBehindTheLedger();
            throw refused;
        }
    }

    private void closeBehindTheLedger() {
        identities.close();
        loops.close();
        books.close();
    }

    private Listener listenOrNothing(ModelCalls modelCalls) {
        try {
            return Listener.start(
                    Listening.settings(configuration.server()),
                    loops,
                    modelCalls::handle,
                    this::readiness);
        } catch (RuntimeException refused) {
            closeBehindTheListener();
            throw refused;
        }
    }

    private static double chance() {
        return ThreadLocalRandom.current().nextDouble();
    }

    /// @throws IllegalStateException when the operator's file is none
    private static RequestFields requestFields(Configuration configuration) {
        var file = configuration.requestFields();
        if (file.isEmpty()) {
            return RequestFields.builtIn();
        }
        try {
            return RequestFields.read(file.get().bytes());
        } catch (NotJson not) {
            throw new IllegalStateException(
                    "request_fields: the file '"
                            + file.get().file()
                            + "' is no table of request fields: "
                            + not.getMessage(),
                    not);
        }
    }

    private static Ledger ledger(LedgerConfig config, Clock clock) {
        var file =
                switch (config.destination()) {
                    case LedgerConfig.Destination.File(var path) ->
                            LedgerFile.at(path, config.maxFileBytes(), config.maxFiles());
                    case LedgerConfig.Destination.StandardOutput _ -> LedgerFile.standardOutput();
                };
        var whenFull =
                switch (config.whenFull()) {
                    case BLOCK -> Ledger.WhenFull.BLOCK;
                    case DROP_AND_COUNT -> Ledger.WhenFull.DROP_AND_COUNT;
                };
        return Ledger.start(file, config.queue(), whenFull, clock);
    }

    private Served serve(Configuration configuration, Map<String, List<String>> known) {
        var upstreams = new LinkedHashMap<String, Upstream>();
        var discovered = new ArrayList<String>();
        for (var target : configuration.targets()) {
            upstreams.put(target.id(), targets.make(target));
            if (target.models() instanceof ModelSelection.All) {
                discovered.add(target.id());
            }
        }
        var discovery =
                Discovery.start(
                        discovered,
                        known,
                        target -> discover(upstreams.get(target)),
                        this::refresh,
                        FIRST_DISCOVERY,
                        configuration.discoveryInterval());
        var probes =
                Probes.start(
                        configuration.targets().stream().flatMap(Gateway::probe).toList(),
                        health,
                        probe -> probe(upstreams.get(probe.target()), probe.path()));
        return new Served(upstreams, discovery, probes);
    }

    private static Stream<Probes.Probe> probe(TargetConfig target) {
        return target.healthProbe().stream()
                .map(probe -> new Probes.Probe(target.id(), probe.path(), probe.interval()));
    }

    private Snapshot snapshot(Configuration configuration, Served served) {
        var keys = configuration.virtualKeys().stream().map(Callers::of).toList();
        var models =
                configuration.targets().stream()
                        .map(target -> models(target, served.discovery()))
                        .toList();
        var limits =
                new Limits(
                        Limits.DEFAULT.maxDepth(),
                        Math.toIntExact(configuration.server().maxBodyBytes()),
                        Limits.DEFAULT.maxFields());
        var book = ModelBook.of(configuration.modelBook().families());
        var routes = new VirtualRoutes(configuration, book);
        return new Snapshot(
                identities.identity(
                        VirtualKeys.of(
                                books.hasher(),
                                keys,
                                madeKeys,
                                Callers.anonymous(configuration),
                                clock)),
                new Access(OrganisationChart.draw(configuration.governance()), accounts),
                Catalog.of(
                        models,
                        configuration.virtualModels().stream()
                                .map(model -> new VirtualName(model.name()))
                                .toList()),
                Router.create(
                        routes.places(served.upstreams()),
                        configuration.virtualModels().stream().map(routes::virtual).toList(),
                        pairs,
                        health,
                        Gateway::chance),
                book,
                PriceBook.of(configuration.modelBook().prices(), configuration.pricing()),
                books.journal(),
                stored.lacksLimits(),
                () -> HubTargets.of(configuration, served.upstreams()),
                served.discovery()::askAgain,
                limits,
                configuration.compatibility().contains(Compatibility.TFY),
                configuration.server().keepAliveComment());
    }

    private static Configuration good(Loaded loaded) {
        return switch (loaded) {
            case Loaded.Good(var configuration, var _) -> configuration;
            case Loaded.Faulty(var faults, var _) -> throw refused(faults);
            case Loaded.Unreadable(var faults) -> throw refused(faults);
        };
    }

    private static IllegalStateException refused(List<Fault> faults) {
        return new IllegalStateException(
                "what the store holds does not go with the configuration:\n"
                        + String.join("\n", words(faults)));
    }

    private View view() {
        var now = snapshot;
        return new View(
                door.doorkeeper(exchange ->
                        snapshot.identity().authenticate(new Arrived(exchange)).principal()),
                now.routes(),
                now.catalog(),
                id -> {
                    var caller = principal(id);
                    return caller == null ? null : now.access().standing(caller);
                },
                () -> door.budgets(accounts),
                door::events);
    }

    private @Nullable Principal principal(String key) {
        return configuration.virtualKeys().stream()
                .filter(each -> each.id().equals(key))
                .findFirst()
                .map(each -> Callers.of(each).principal())
                .orElseGet(() -> stored.principal(key));
    }

    private static TargetModels models(TargetConfig target, Discovery discovery) {
        var provider = target.provider().name();
        return switch (target.models()) {
            case ModelSelection.None _ -> new TargetModels(target.id(), provider, false, List.of());
            case ModelSelection.Named(var names) ->
                    new TargetModels(target.id(), provider, false, names);
            case ModelSelection.All _ ->
                    new TargetModels(target.id(), provider, true, discovery.found(target.id()));
        };
    }

    /// Reads here, off the loops, what the target sent.
    private List<String> discover(@Nullable Upstream upstream) {
        return upstream == null ? List.of() : asked(upstream::models).get();
    }

    private void probe(@Nullable Upstream upstream, String path) {
        if (upstream != null) {
            asked(strand -> {
                upstream.probe(strand, path);
                return true;
            });
        }
    }

    /// Asks a target on a strand of its own and waits for it here.
    private <T> T asked(Function<Strand, T> question) {
        var answer = new CompletableFuture<T>();
        var loop = loops.all().getFirst();
        loop.execute(() ->
                loop.strand(
                                strand -> {
                                    try {
                                        answer.complete(question.apply(strand));
                                    } catch (RuntimeException | Error failed) {
                                        answer.completeExceptionally(failed);
                                    }
                                })
                        .start());
        try {
            return answer.join();
        } catch (CompletionException failed) {
            throw failed.getCause() instanceof RuntimeException cause ? cause : failed;
        }
    }

    /// Discovery found something: the same configuration, with what exists now.
    private synchronized void refresh() {
        snapshot = snapshot(configuration, served);
    }

    /// The files have changed. What they say is taken over whole, together with what the store holds, or the running
    /// configuration stays and why is remembered.
    public void reload(Loaded files) {
        stored.filesChanged(files);
    }

    private synchronized void take(Loaded loaded) {
        switch (loaded) {
            case Loaded.Good(var fresh, var warnings) -> {
                warnings.forEach(warning -> LOG.warn("{}", warning));
                takeOver(fresh);
            }
            case Loaded.Faulty(var faults, var _) -> refuse(words(faults));
            case Loaded.Unreadable(var faults) -> refuse(words(faults));
        }
    }

    private void takeOver(Configuration fresh) {
        var before = configuration;
        var retired = served;
        RequestFields fields;
        try {
            fields = requestFields(fresh);
        } catch (IllegalStateException unfit) {
            refuse(List.of(String.valueOf(unfit.getMessage())));
            return;
        }
        tellWhatNeedsARestart(fresh);
        var next = serve(fresh, known(before, fresh));
        configuration = fresh;
        requestFields = fields;
        identities.takeOver(fresh.identity());
        served = next;
        snapshot = snapshot(fresh, next);
        refusedReload = List.of();
        retire(retired, before);
        var certificate = Listening.tls(fresh.server());
        if (certificate != null && Listening.tls(before.server()) != null) {
            listener.replaceCertificate(certificate);
        }
        LOG.info(
                "The new configuration runs: {} targets, {} virtual keys",
                fresh.targets().size(),
                fresh.virtualKeys().size());
    }

    /// A target that stays where it is keeps the models that it was found to serve, so that no call fails for want of
    /// them while it is asked again.
    private Map<String, List<String>> known(Configuration before, Configuration fresh) {
        var places =
                before.targets().stream()
                        .collect(Collectors.toMap(TargetConfig::id, TargetConfig::baseUrl));
        var discovery = served.discovery();
        return fresh.targets().stream()
                .filter(target -> target.baseUrl().equals(places.get(target.id())))
                .filter(target -> discovery.knows(target.id()))
                .collect(
                        Collectors.toMap(TargetConfig::id, target -> discovery.found(target.id())));
    }

    private void tellWhatNeedsARestart(Configuration fresh) {
        if (Listening.needsRestart(started.server(), fresh.server())) {
            LOG.warn(
                    "The running section 'server' differs from the file in what only a start takes"
                            + " over: addresses, limits, TLS on or off, loops, workers");
        }
        if (!started.ledger().equals(fresh.ledger())) {
            LOG.warn("The running section 'ledger' differs from the file; a start takes it over");
        }
        if (!started.store().isLike(fresh.store())) {
            LOG.warn("The running section 'store' differs from the file; a start takes it over");
        }
    }

    private static List<String> words(List<Fault> faults) {
        return faults.stream().map(Fault::toString).toList();
    }

    private void refuse(List<String> faults) {
        refusedReload = List.copyOf(faults);
        LOG.error(
                "The changed configuration is refused and the running one stays:\n{}",
                String.join("\n", refusedReload));
    }

    /// Running calls keep their target until they end.
    private static void retire(Served served, Configuration configuration) {
        served.discovery().close();
        served.probes().close();
        for (var target : configuration.targets()) {
            var upstream = served.upstreams().get(target.id());
            if (upstream != null) {
                upstream.retire(target.deadlines().total());
            }
        }
    }

    private Readiness readiness() {
        var reasons = new ArrayList<String>();
        boolean ready = true;
        if (listener.isDraining()) {
            ready = false;
            reasons.add("The gateway is stopping.");
        }
        if (!served.discovery().isFirstRoundOver()) {
            ready = false;
            reasons.add("The targets are being asked for their models.");
        } else if (served.discovery().isLate()) {
            reasons.add("Some targets have not listed their models yet; asking goes on.");
        }
        books.awaySince()
                .ifPresent(since ->
                        reasons.add(
                                "The store does not answer since "
                                        + since
                                        + "; what calls cost is kept in the journal."));
        var refusal = books.refusal();
        if (refusal.isPresent()) {
            ready = false;
            reasons.add("Calls are refused: " + refusal.get() + ".");
        }
        if (stored.lacksLimits()) {
            ready = false;
            reasons.add("Calls are refused: some of what limits them is left out.");
        }
        for (var fault : stored.leftOut()) {
            reasons.add("An object of the store is left out until it is repaired: " + fault);
        }
        reasons.addAll(identities.reasons());
        for (var fault : refusedReload) {
            reasons.add("The changed configuration was refused, the one before it runs: " + fault);
        }
        return new Readiness(ready, reasons);
    }

    public int port() {
        return listener.port();
    }

    /// Makes what lets the first operator in, where the configuration names none; nothing when it was made before.
    public Optional<Secret> oneTimeToken() {
        return door.oneTimeToken();
    }

    /// The objects that are laid under those of the files.
    public List<StoredDocument> storedDocuments() {
        return stored.documents();
    }

    /// What everybody has used so far.
    Accounts accounts() {
        return accounts;
    }

    /// For what is to happen on them beside the calls.
    Loops loops() {
        return loops;
    }

    public int openConnections() {
        return listener.openConnections();
    }

    /// Waits until the targets have said what they serve, for as long as a user would wait.
    public void awaitDiscovery(Duration patience) throws InterruptedException {
        if (!served.discovery().awaitFirstRound(patience)) {
            LOG.warn("Some targets have not listed their models yet; asking goes on.");
        }
    }

    /// Stops gracefully: running calls may finish within {@code patience}.
    public void stop(Duration patience) {
        listener.drain(patience);
        close();
    }

    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        listener.close();
        closeBehindTheListener();
    }

    private void closeBehindTheListener() {
        served.discovery().close();
        served.probes().close();
        served.upstreams().values().forEach(upstream -> upstream.retire(Duration.ZERO));
        images.close();
        stored.close();
        admin.close();
        identities.close();
        loops.close();
        ledger.close();
        books.close();
    }
}
