package sluice.route;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sluice.call.Failure;
import sluice.call.ModelName;
import sluice.call.VirtualName;
import sluice.json.JsonText;
import sluice.upstream.Quota;

/// One call's way through the targets that may answer it: where it is now, and, after each failure, whether it goes on
/// and where to. It only decides; whoever carries the call asks the candidate that is {@link #here}, and reports.
/// Nothing of this waits, so a simulated clock can drive it.
public final class Journey {
    private static final Duration QUOTA_HOLDS = Duration.ofMinutes(1);
    private static final Duration LONGEST_REST = Duration.ofMinutes(2);

    private final Router router;
    private final List<Plan> plans;
    private final Hints hints;
    private int wish;
    private Plan plan;
    private Candidate here;

    /// The candidates of the plan that were not asked yet and may be, a bit for each.
    private long open;

    private long session;
    private int retries;
    private boolean askedInAnotherDialect;
    private long pauseNanos;
    private String next = "";
    private String why = "";
    private @Nullable Considered considered;

    /// @param plans at least one: what was asked for, then what the caller named to stand in
    /// @throws sluice.call.CallFailed when no target of the first takes the call
    Journey(Router router, List<Plan> plans, Hints hints) {
        this.router = router;
        this.plans = plans;
        this.hints = hints;
        this.plan = plans.getFirst();
        this.here = plan.candidate(0);
        if (!begin(0)) {
            throw new Failure.Malformed(
                            "None of the targets of the model '"
                                    + plan.name().text()
                                    + "' takes a call with this metadata (metadata_match).",
                            null)
                    .asException();
        }
    }

    /// The candidate to ask now.
    public Candidate here() {
        return here;
    }

    /// All candidates that it may come to.
    public List<Candidate> candidates() {
        if (plans.size() == 1) {
            return plan.candidates();
        }
        return plans.stream().flatMap(each -> each.candidates().stream()).toList();
    }

    /// All models that it may come to.
    public List<ModelName> models() {
        if (plans.size() == 1) {
            return plan.models();
        }
        return plans.stream().flatMap(each -> each.models().stream()).distinct().toList();
    }

    /// How long to wait before asking, in nanoseconds; 0 for the first time.
    public long pauseNanos() {
        return pauseNanos;
    }

    /// What came after the last failure: {@code retry}, {@code fallback}, {@code other dialect}, {@code other model} or
    /// {@code stop}.
    public String next() {
        return next;
    }

    /// Why, in a few words that hold nothing of the request.
    public String why() {
        return why;
    }

    /// How long the call may take over all its attempts.
    public Duration patience() {
        var longest = plans.getFirst().patience();
        for (var each : plans) {
            longest = each.patience().compareTo(longest) > 0 ? each.patience() : longest;
        }
        return longest;
    }

    /// Writes which candidates there were and how they were doing when the first was chosen, as a JSON array; null when
    /// there was nothing to choose.
    public @Nullable Consumer<JsonText> considered() {
        return considered;
    }

    /// What is here failed before a byte was passed on. Decides what comes next.
    ///
    /// @param leftNanos of the whole call's time
    /// @return false when the call ends with this failure
    public boolean goesOn(Failure failure, long leftNanos) {
        long now = router.health().now();
        var symptom = Symptom.of(failure);
        blame(symptom, now);
        pauseNanos = 0;
        why = symptom.why();
        return goesOn(failure, symptom, leftNanos, now) || stop();
    }

    private boolean goesOn(Failure failure, Symptom symptom, long leftNanos, long now) {
        if (symptom.kind() == Symptom.Kind.FINAL) {
            return false;
        }
        if (leftNanos <= 0) {
            why += "; no time left";
            return false;
        }
        return speaksOtherwise(failure)
                || retries(symptom, leftNanos, now)
                || fallsBack(symptom, now)
                || asksAnotherModel(symptom);
    }

    private boolean stop() {
        next = "stop";
        return false;
    }

    /// What is here broke off after the answer had begun, or took it back.
    public void broke(Failure failure) {
        blame(Symptom.of(failure), router.health().now());
    }

    /// What is here has answered.
    ///
    /// @param nanosPerToken how fast it wrote; 0 when that could not be told
    /// @param firstTokenNanos from sending to the first token; 0 when that could not be told
    public void answered(long nanosPerToken, long firstTokenNanos) {
        if (nanosPerToken > 0 && isAChoice()) {
            here.vitals().answered(router.health().now(), nanosPerToken, firstTokenNanos);
        }
        var sticky = plan.sticky();
        if (session != 0 && sticky != null && !isAtHome()) {
            router.health().sessions().moved(plan.key(session), here, sticky.ttl());
        }
    }

    /// What is here told what is left of its quota.
    public void heard(@Nullable Quota quota) {
        if (quota != null) {
            long now = router.health().now();
            var resets = quota.resetsIn();
            var holds = resets == null || resets.compareTo(QUOTA_HOLDS) > 0 ? QUOTA_HOLDS : resets;
            router.health().quota(here.vitals(), quota.left(), now + holds.toNanos());
        }
    }

    /// Whether samples and quotas of this call serve anybody.
    public boolean isAChoice() {
        return plan.name() instanceof VirtualName;
    }

    private boolean begin(int index) {
        long now = router.health().now();
        var begun = plans.get(index);
        long allowed = begun.open(hints);
        if (allowed == 0) {
            return false;
        }
        wish = index;
        plan = begun;
        var sticky = begun.sticky();
        session = sticky == null ? 0 : sticky.session(hints);
        if (!isAChoice()) {
            arrive(0, allowed, now);
            return true;
        }
        var ratings = begun.ratings(router.health(), now);
        int chosen = choose(ratings, allowed, now);
        considered = new Considered(begun, ratings, allowed, chosen, considered);
        arrive(chosen, allowed, now);
        return true;
    }

    private int choose(Ratings ratings, long from, long now) {
        long home = session == 0 ? 0 : router.health().sessions().home(plan.key(session));
        return plan.choose(ratings, from, session, home, now, router.chance());
    }

    private void arrive(int chosen, long from, long now) {
        here = plan.candidate(chosen);
        open = from & ~(1L << chosen);
        retries = 0;
        askedInAnotherDialect = false;
        here.vitals().target().retries().called(now);
    }

    /// Where the session would be if everybody were well.
    private boolean isAtHome() {
        return plan.home(session, plan.open(hints)) == here;
    }

    /// A target may learn while it is asked that it speaks another dialect for this model.
    private boolean speaksOtherwise(Failure failure) {
        if (!(failure instanceof Failure.NotSpoken) || askedInAnotherDialect) {
            return false;
        }
        askedInAnotherDialect = true;
        next = "other dialect";
        return true;
    }

    private boolean retries(Symptom symptom, long leftNanos, long now) {
        var wished = hints.retry();
        var rules = wished == null ? here.terms().rules() : wished.over(here.terms().rules());
        if (!symptom.mayHelpToRetry(rules) || retries >= rules.retries()) {
            return false;
        }
        var wait = rules.delay();
        var asked = symptom.retryAfter();
        if (asked != null && asked.compareTo(wait) > 0) {
            if (symptom.mayHelpToFallBack(rules, plan.triggers()) && plan.fallbacks(open) != 0) {
                why += ", wants to rest";
                return false;
            }
            wait = asked;
        }
        if (wait.toNanos() >= leftNanos) {
            why += "; no time left to wait";
            return false;
        }
        if (!here.vitals().target().retries().take(now)) {
            why += "; the target's retries are used up";
            return false;
        }
        retries++;
        pauseNanos = wait.toNanos();
        next = "retry";
        return true;
    }

    private boolean fallsBack(Symptom symptom, long now) {
        if (!symptom.mayHelpToFallBack(here.terms().rules(), plan.triggers())) {
            return false;
        }
        long allowed = plan.fallbacks(open);
        if (symptom.kind() == Symptom.Kind.CONTEXT) {
            allowed = plan.larger(allowed, here);
        }
        int chosen = choose(plan.ratings(router.health(), now), allowed, now);
        if (chosen < 0) {
            return false;
        }
        arrive(chosen, open, now);
        next = "fallback";
        return true;
    }

    private boolean asksAnotherModel(Symptom symptom) {
        if (!symptom.mayHelpToAskAnotherModel()) {
            return false;
        }
        for (int index = wish + 1; index < plans.size(); index++) {
            if (begin(index)) {
                next = "other model";
                return true;
            }
        }
        return false;
    }

    private void blame(Symptom symptom, long now) {
        switch (symptom.blame()) {
            case MODEL -> router.health().modelFailed(here.vitals());
            case TARGET ->
                    router.health().targetFailed(here.vitals().target(), here.model().target());
            case NOBODY -> {}
        }
        var rest = symptom.retryAfter();
        if (rest != null) {
            var bounded = rest.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : rest;
            router.health().rests(here.vitals(), now + bounded.toNanos());
        }
    }
}
