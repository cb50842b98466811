package sluice.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.call.Bytes;
import sluice.call.Principal;
import sluice.call.Secret;
import sluice.json.Fields;
import sluice.json.Governed;
import sluice.json.Kind;
import sluice.json.Limits;
import sluice.json.NotJson;

/// One workspace that is asked whose a token is (facts/databricks.md section 5). Its answers are remembered, the good
/// ones for minutes and the others for seconds, and however many calls bring a new token, it is asked once.
final class Workspace {
    private static final Logger LOG = LoggerFactory.getLogger(Workspace.class);

    private static final String ME = "/api/2.0/preview/scim/v2/Me";
    private static final int MAX_BYTES = 1024 * 1024;
    private static final int MAX_REMEMBERED = 10_000;
    private static final Duration STRANGERS_REMEMBERED = Duration.ofSeconds(10);

    /// The question itself ends sooner.
    private static final Duration PATIENCE = Duration.ofSeconds(12);

    private static final long TOLD_EVERY_MILLIS = 10_000;
    private static final Governed PERSON = Governed.of("userName", "groups", "active");
    private static final Governed GROUP = Governed.of("display");

    private final WorkspaceRule rule;
    private final URI me;
    private final Means means;
    private final Ration allowance;
    private final Cache<TokenHash, Person> people;
    private final Cache<TokenHash, Long> strangers;
    private final Map<TokenHash, Flight<Finding>> underWay = new ConcurrentHashMap<>();
    private volatile long toldMillis;

    private record Person(Principal principal, long untilMillis) {}

    Workspace(WorkspaceRule rule, Means means) {
        this.rule = rule;
        this.me = URI.create(rule.host() + ME);
        this.means = means;
        this.allowance = new Ration(rule.questionsPerMinute(), means.clock());
        this.people = cache(rule.remembered());
        this.strangers = cache(STRANGERS_REMEMBERED);
    }

    private static <V> Cache<TokenHash, V> cache(Duration remembered) {
        return Caffeine.newBuilder()
                .maximumSize(MAX_REMEMBERED)
                .expireAfterWrite(remembered)
                .executor(Runnable::run)
                .build();
    }

    @Nullable Principal remembered(TokenHash hash) {
        var person = people.getIfPresent(hash);
        return person != null && means.clock().millis() < person.untilMillis()
                ? person.principal()
                : null;
    }

    private boolean isStranger(TokenHash hash) {
        var until = strangers.getIfPresent(hash);
        return until != null && means.clock().millis() < until;
    }

    private @Nullable Finding known(TokenHash hash) {
        var principal = remembered(hash);
        if (principal != null) {
            return new Finding.Known(principal);
        }
        return isStranger(hash) ? Finding.REFUSED : null;
    }

    /// @param expiresMillis when the token itself says that it is over
    Finding find(String token, TokenHash hash, long expiresMillis, Arrival call) {
        var before = known(hash);
        if (before != null) {
            return before;
        }
        var mine = new Flight<Finding>();
        var other = underWay.putIfAbsent(hash, mine);
        if (other == null) {
            begin(mine, token, hash, expiresMillis);
        }
        var answer = (other == null ? mine : other).await(call, PATIENCE);
        return answer == null ? unknowable() : answer;
    }

    private void begin(Flight<Finding> flight, String token, TokenHash hash, long expiresMillis) {
        var meanwhile = known(hash); // the flight before may just have landed
        if (meanwhile != null) {
            land(flight, hash, meanwhile);
            return;
        }
        if (!allowance.take()) {
            tellOfTooMany();
            land(flight, hash, Finding.REFUSED);
            return;
        }
        try {
            var secret = new Secret(token);
            means.fetching().execute(() -> fly(flight, secret, hash, expiresMillis));
        } catch (RejectedExecutionException stopping) {
            allowance.giveBack();
            land(flight, hash, unknowable());
        }
    }

    private void fly(Flight<Finding> flight, Secret token, TokenHash hash, long expiresMillis) {
        var found = unknowable();
        try {
            found = ask(token, hash, expiresMillis);
        } catch (RuntimeException bug) {
            LOG.error("The workspace {} could not be asked whose a token is", rule.host(), bug);
        } finally {
            allowance.giveBack();
            land(flight, hash, found);
        }
    }

    private void land(Flight<Finding> flight, TokenHash hash, Finding found) {
        underWay.remove(hash, flight);
        flight.land(found);
    }

    private Finding ask(Secret token, TokenHash hash, long expiresMillis) {
        try {
            var answer = means.fetch().get(me, token, MAX_BYTES);
            long now = means.clock().millis();
            if (isNoneOfTheirs(answer)) {
                strangers.put(hash, now + STRANGERS_REMEMBERED.toMillis());
                return Finding.REFUSED;
            }
            if (answer.status() != 200) {
                throw new Fetch.Unfetched("it answers with status " + answer.status());
            }
            var principal = principal(answer.body());
            if (principal == null) {
                strangers.put(hash, now + STRANGERS_REMEMBERED.toMillis());
                return Finding.REFUSED;
            }
            long until = Math.min(expiresMillis, now + rule.remembered().toMillis());
            people.put(hash, new Person(principal, until));
            return new Finding.Known(principal);
        } catch (Fetch.Unfetched failed) {
            return failed(String.valueOf(failed.getMessage()));
        } catch (NotJson not) {
            return failed("its answer is not that of SCIM");
        }
    }

    private Finding failed(String why) {
        LOG.warn("The workspace {} does not say whose a token is: {}", rule.host(), why);
        return unknowable();
    }

    /// Some of its doors answer 400 and plain text to a token that they do not know.
    private static boolean isNoneOfTheirs(Fetch.Answer answer) {
        return switch (answer.status()) {
            case 401, 403 -> true;
            case 400 -> answer.body().utf8().toLowerCase(Locale.ROOT).startsWith("invalid token");
            default -> false;
        };
    }

    /// @return null for somebody who was switched off
    private @Nullable Principal principal(Bytes document) throws NotJson {
        var fields = Fields.scan(document, PERSON, Limits.DEFAULT);
        var active = fields.find("active");
        if (active != null && active.kind() == Kind.FALSE) {
            return null;
        }
        var name = fields.find("userName");
        if (name == null || !Claims.isName(name.string())) {
            throw NotJson.because("no userName");
        }
        var groups = groups(fields);
        var user = name.string();
        return new Principal(
                Principal.Kind.WORKSPACE,
                user,
                user,
                groups.stream().filter(means.teams()).findFirst().orElse(rule.team()),
                null,
                groups,
                Map.of(Principal.WORKSPACE, rule.host().toString()),
                rule.own());
    }

    private static List<String> groups(Fields person) throws NotJson {
        var field = person.find("groups");
        if (field == null || field.kind() == Kind.NULL) {
            return List.of();
        }
        var groups = new ArrayList<String>();
        for (var element : field.elements(Claims.MAX_NAMES)) {
            var display = Fields.scan(element, GROUP, Limits.DEFAULT).find("display");
            if (display != null
                    && display.kind() == Kind.STRING
                    && Claims.isName(display.string())) {
                groups.add(display.string());
            }
        }
        return groups;
    }

    /// Without its address, which is nothing for whoever is not known.
    private static Finding unknowable() {
        return new Finding.Unknowable("the workspace that may know the token");
    }

    private void tellOfTooMany() {
        long now = means.clock().millis();
        if (now - toldMillis >= TOLD_EVERY_MILLIS) {
            toldMillis = now;
            LOG.warn(
                    "More new tokens come than the workspace {} may be asked about; they are refused"
                            + " (identity.databricks[].questions_per_minute)",
                    rule.host());
        }
    }
}
