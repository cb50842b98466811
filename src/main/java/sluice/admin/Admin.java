package sluice.admin;

import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;
import sluice.call.CallFailed;
import sluice.call.Failure;
import sluice.call.Failure.NotDone.Why;
import sluice.server.Exchange;
import sluice.server.Operation;
import sluice.store.KeyHash;
import sluice.store.Store;
import sluice.store.StoreUnavailable;

/// The operators' door: {@code /admin/v1/...}. Closed to everybody whom its {@link Doorkeeper} does not know. What is asked
/// is done on threads of its own, because the store may have to wait for a disk.
public final class Admin implements AutoCloseable {
    private static final long PATIENCE_NANOS = Duration.ofSeconds(60).toNanos();
    private static final int MOST_WAITING = 256;

    private final Supplier<View> views;
    private final Declared declared;
    private final ObjectPages objects;
    private final KeyPages keys;
    private final Function<String, @Nullable String> claim;
    private final Object oneChangeAtATime = new Object();
    private final Store store;
    private final Clock clock;
    private final ThreadPoolExecutor workers;

    /// @param views what operators may look at, as it is at the moment
    /// @param hasher makes the hash under which a key is kept
    /// @param claim takes the one-time token of the first start and gives an admin key for it; null for any other
    public Admin(
            Supplier<View> views,
            Declared declared,
            Store store,
            Function<String, KeyHash> hasher,
            Function<String, @Nullable String> claim,
            Clock clock) {
        this.views = views;
        this.declared = declared;
        this.objects = new ObjectPages(store, declared, clock);
        this.keys = new KeyPages(store, declared, hasher, clock);
        this.claim = claim;
        this.store = store;
        this.clock = clock;
        this.workers =
                new ThreadPoolExecutor(
                        2,
                        2,
                        10,
                        TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(MOST_WAITING),
                        Thread.ofPlatform().name("admin-", 0).daemon().factory());
        workers.allowCoreThreadTimeOut(true);
    }

    /// @throws sluice.call.CallFailed with {@code Failure.NotAnOperator}, or because of what was asked
    public void answer(Operation.Admin page, Exchange exchange) {
        var view = views.get();
        boolean claims = page.path().equals("claim");
        var operator = claims ? null : view.door().admit(exchange);
        var asked =
                new Asked(
                        page.method(),
                        Asked.path(page.path()),
                        Asked.query(exchange.query()),
                        body(page, exchange),
                        exchange.header("if-match"));
        var credentials = exchange.credentials();
        var answer =
                elsewhere(
                        exchange,
                        () ->
                                operator == null
                                        ? claimed(asked, credentials)
                                        : answer(asked, operator, view, exchange.query()));
        if (answer.etag() != null) {
            exchange.version(answer.etag());
        }
        exchange.answer(answer.status(), answer.type(), answer.content());
    }

    /// The array of the body belongs to the connection, and the work is done elsewhere.
    private static Bytes body(Operation.Admin page, Exchange exchange) {
        return switch (page.method()) {
            case "POST", "PUT" -> Bytes.of(exchange.readBody().copy());
            default -> Bytes.of(new byte[0]);
        };
    }

    private Answer elsewhere(Exchange exchange, Supplier<Answer> work) {
        var done = new AtomicReference<@Nullable Answer>();
        var failed = new AtomicReference<@Nullable Throwable>();
        try {
            workers.execute(() -> {
                try {
                    done.set(work.get());
                } catch (RuntimeException | Error stopped) {
                    failed.set(stopped);
                }
                exchange.wake();
            });
        } catch (RejectedExecutionException busy) {
            throw away("too many operators at once");
        }
        boolean ready =
                exchange.await(
                        () -> done.get() != null || failed.get() != null,
                        System.nanoTime() + PATIENCE_NANOS);
        var answer = done.get();
        if (answer != null) {
            return answer;
        }
        var reason = failed.get();
        if (!ready || reason instanceof StoreUnavailable) {
            throw away(reason == null ? "it takes too long" : String.valueOf(reason.getMessage()));
        }
        throw switch (reason) {
            case IllegalArgumentException unfit ->
                    ObjectPages.notDone(Why.FAULTY, unfit.getMessage());
            case RuntimeException stopped -> stopped;
            case Throwable bug -> new IllegalStateException("an operator's wish failed", bug);
            case null -> away("nothing came of it");
        };
    }

    private static CallFailed away(String reason) {
        return new Failure.NotDone(Why.STORE_AWAY, "The store does not answer: " + reason)
                .asException();
    }

    private Answer claimed(Asked asked, List<String> credentials) {
        demandMethod(asked, "POST");
        for (var credential : credentials) {
            var key = claim.apply(credential);
            if (key != null) {
                var told = ObjectPages.JSON.createObjectNode().put("key", key).put("role", "admin");
                return Answer.json(201, ObjectPages.bytes(told), null);
            }
        }
        throw new Failure.NotAnOperator().asException();
    }

    private Answer answer(Asked asked, Operator operator, View view, String query) {
        var path = asked.path();
        var first = path.getFirst();
        if (declared.kinds().contains(first)) {
            return object(first, path.subList(1, path.size()), asked, operator);
        }
        if (path.size() > 1) {
            throw unknownRoute(asked);
        }
        return switch (first) {
            case "routing" -> {
                look(asked, operator, "routing");
                yield Answer.json(200, RoutingPage.print(query, view), null);
            }
            case "spend" -> {
                demandMethod(asked, "GET");
                yield SpendPage.print(asked, operator, store, clock);
            }
            case "accounts" -> {
                demandMethod(asked, "GET");
                yield StatePages.accounts(asked, own(operator), view.budgets().get());
            }
            case "events" -> {
                demandMethod(asked, "GET");
                yield StatePages.events(asked, own(operator), view.events().get());
            }
            case "openapi.json" -> {
                demandMethod(asked, "GET");
                yield Answer.json(200, OpenApi.print(declared), null);
            }
            default -> throw unknownRoute(asked);
        };
    }

    /// Which accounts an operator sees: a team-manager those of its team, of the team's people and of the team's keys.
    private Predicate<String> own(Operator operator) {
        var team = operator.team();
        if (team == null) {
            return _ -> true;
        }
        var owners = new HashSet<String>();
        owners.add("team/" + team);
        keys.idsOf(team).forEach(id -> owners.add("key/" + id));
        var people = objects.usersOf(team).stream().map(id -> "user/" + id + "/").toList();
        return account -> {
            var parts = account.split("/", 3);
            return (parts.length == 3 && owners.contains(parts[0] + "/" + parts[1]))
                    || people.stream().anyMatch(account::startsWith);
        };
    }

    private static void look(Asked asked, Operator operator, String what) {
        demandMethod(asked, "GET");
        Rights.demand(operator, Rights.Action.READ, what);
    }

    private Answer object(String kind, List<String> rest, Asked asked, Operator operator) {
        if (isRead(asked)) {
            Rights.demand(operator, Rights.Action.READ, kind);
            return objectOf(kind, rest, asked, operator);
        }
        Rights.demand(operator, Rights.Action.WRITE, kind);
        synchronized (oneChangeAtATime) { // what was checked must still be so when it is written
            return objectOf(kind, rest, asked, operator);
        }
    }

    private Answer objectOf(String kind, List<String> rest, Asked asked, Operator operator) {
        boolean isKeys = kind.equals("keys");
        if (rest.isEmpty()) {
            return switch (asked.method()) {
                case "GET", "HEAD" ->
                        isKeys ? keys.list(asked, operator) : objects.list(kind, asked, operator);
                case "POST" ->
                        isKeys
                                ? keys.create(asked, operator)
                                : objects.create(kind, asked, operator);
                default -> throw notAllowed(asked, "GET, POST");
            };
        }
        var id = rest.getFirst();
        if (rest.size() == 2 && isKeys) {
            return action(id, rest.getLast(), asked, operator);
        }
        if (rest.size() > 1) {
            throw unknownRoute(asked);
        }
        return switch (asked.method()) {
            case "GET", "HEAD" -> isKeys ? keys.get(id, operator) : objects.get(kind, id, operator);
            case "PUT" ->
                    isKeys
                            ? keys.update(id, asked, operator)
                            : objects.update(kind, id, asked, operator);
            case "DELETE" ->
                    isKeys
                            ? keys.delete(id, asked, operator)
                            : objects.delete(kind, id, asked, operator);
            default -> throw notAllowed(asked, "GET, PUT, DELETE");
        };
    }

    private Answer action(String id, String action, Asked asked, Operator operator) {
        demandMethod(asked, "POST");
        return switch (action) {
            case "rotate" -> keys.rotate(id, asked, operator);
            case "disable" -> keys.able(id, false, asked, operator);
            case "enable" -> keys.able(id, true, asked, operator);
            default -> throw unknownRoute(asked);
        };
    }

    private static boolean isRead(Asked asked) {
        return asked.method().equals("GET") || asked.method().equals("HEAD");
    }

    private static void demandMethod(Asked asked, String method) {
        boolean allowed = method.equals("GET") ? isRead(asked) : asked.method().equals(method);
        if (!allowed) {
            throw notAllowed(asked, method);
        }
    }

    private static CallFailed notAllowed(Asked asked, String allowed) {
        return new Failure.MethodNotAllowed(asked.method(), "/admin/v1", allowed).asException();
    }

    private static CallFailed unknownRoute(Asked asked) {
        var path = String.join("/", asked.path()).replaceAll("[^\\x21-\\x7e]", "?");
        var shown = path.length() > 200 ? path.substring(0, 200) + "..." : path;
        return new Failure.UnknownRoute("/admin/v1/" + shown).asException();
    }

    @Override
    public void close() {
        workers.shutdownNow();
    }
}
