package sluice.upstream.databricks;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;
import sluice.call.CallFailed;
import sluice.call.Dialect;
import sluice.call.Failure;
import sluice.call.RequestType;
import sluice.json.Limits;
import sluice.json.NotJson;
import sluice.json.Pieces;
import sluice.loop.Strand;
import sluice.loop.Work;
import sluice.protocol.ModelRequest;
import sluice.upstream.ErrorAnswer;
import sluice.upstream.Listing;
import sluice.upstream.PassedHeaders;
import sluice.upstream.Question;
import sluice.upstream.Reply;
import sluice.upstream.Sender;
import sluice.upstream.Upstream;
import sluice.upstream.Wires;
import sluice.upstream.databricks.DeclaredModel.State;

/// A Databricks workspace. Each model is asked at the surface and in the dialect that the workspace declares for it;
/// what a workspace turns out not to have is remembered for a while and the other way is taken, before a byte of the
/// answer has come (facts/databricks.md sections 0 to 3).
public final class Databricks implements Upstream {
    private static final String AGENT_MODE = "x-databricks-use-coding-agent-mode";

    private final String id;
    private final Wires wires;
    private final Surfaces surfaces;
    private final Supplier<RequestFields> fields;
    private final InlineImages images;
    private final List<String> schemas;
    private final boolean onBehalf;
    private final Clock clock;
    private final Starting starting;
    private volatile DeclaredModels declared = DeclaredModels.NONE;

    /// @param wires to the workspace's host alone
    /// @param fields which fields of a request the workspace takes, as the operator has it now
    /// @param schemas further schemas whose model services are listed
    /// @param onBehalf whether calls go with the caller's own token; the wires' is for what nobody called for then
    public Databricks(
            Wires wires,
            Surfaces surfaces,
            Supplier<RequestFields> fields,
            InlineImages images,
            List<String> schemas,
            boolean onBehalf,
            Clock clock) {
        this.id = wires.target().id();
        this.wires = wires;
        this.surfaces = surfaces;
        this.fields = fields;
        this.images = images;
        this.schemas = List.copyOf(schemas);
        this.onBehalf = onBehalf;
        this.clock = clock;
        this.starting = new Starting(clock);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public boolean speaks(Dialect dialect, String model) {
        return surfaces.way(model, dialect) instanceof Way.Through;
    }

    @Override
    public boolean allows(RequestType type) {
        return true;
    }

    @Override
    public boolean isReady(String model) {
        return !starting.is(model)
                && declared.find(model).map(DeclaredModel::state).orElse(State.UNKNOWN)
                        != State.NOT_READY;
    }

    @Override
    public void probe(Strand strand, String path) {
        Listing.probe(
                wires,
                strand,
                path,
                Map.of(),
                new Sender(wires, clock, answer -> answer.failure(id)));
    }

    @Override
    public Reply send(Strand strand, Question question) {
        var mine = onBehalf ? OnBehalf.wires(wires, question.caller(), question.ownToken()) : wires;
        var tried = new ArrayList<Way.Through>(0);
        CallFailed first = null;
        while (true) {
            var way = surfaces.way(question.model(), question.asked().dialect(), tried);
            if (!(way instanceof Way.Through through)) {
                throw first != null ? first : notSpoken(question);
            }
            var attempt = new Attempt(through, mine);
            try {
                return attempt.send(strand, question);
            } catch (CallFailed refused) {
                first = first == null ? refused : first;
                if (!attempt.isElsewhere()) {
                    throw onBehalf ? OnBehalf.refused(id, refused) : refused;
                }
                tried.add(through);
            }
        }
    }

    private CallFailed notSpoken(Question question) {
        return new Failure.NotSpoken(
                        id + "/" + question.model(), question.asked().dialect().token(), List.of())
                .asException();
    }

    /// One way, tried.
    private final class Attempt {
        private final Way.Through way;
        private final Wires mine;
        private final Sender sender;
        private @Nullable Verdict verdict;
        private String model = "";

        Attempt(Way.Through way, Wires mine) {
            this.way = way;
            this.mine = mine;
            this.sender = new Sender(mine, clock, this::refusal);
        }

        /// Whether the refusal says that the model may be found by another way.
        boolean isElsewhere() {
            return verdict == Verdict.TRY_OTHER_SURFACE || verdict == Verdict.MODEL_ABSENT;
        }

        Reply send(Strand strand, Question question) {
            model = question.model();
            var sent = sent(strand, question);
            var reply =
                    mine.target().tokens().renewingOnce(strand, () -> sender.send(strand, sent));
            starting.answered(question.model());
            return way.dialect() == Dialect.CHAT
                    ? FoldedReply.of(reply, id, strand, question)
                    : reply;
        }

        private Sender.Sent sent(Strand strand, Question question) {
            var asked = question.asked();
            try {
                var whole = withImages(strand, question);
                var fit = fit(strand, whole, question);
                return new Sender.Sent(
                        asked.dialect(),
                        way.path(),
                        fit.forTarget(way.model(), false),
                        asked.stream(),
                        question.overrides().on(headers(question)),
                        question.patience(),
                        question.timed());
            } catch (NotJson unfit) {
                throw new Failure.Malformed(unfit.getMessage(), unfit.param()).asException();
            }
        }

        /// With the images that it names inside, because no surface can be relied on to fetch them.
        private ModelRequest withImages(Strand strand, Question question) throws NotJson {
            var asked = question.overridden(strand);
            var body = asked.body();
            var until = question.patience().untilNanos();
            var inside = images.inline(strand, body, asked.dialect(), until);
            if (isSame(inside, body)) {
                return asked;
            }
            try (var _ = question.aside(strand, Work.SCAN, inside.length())) {
                return asked.withBody(inside.joined(), Limits.DEFAULT);
            }
        }

        private ModelRequest fit(Strand strand, ModelRequest asked, Question question)
                throws NotJson {
            try (var _ = question.aside(strand, Work.SCAN, asked.body().length())) {
                return shaped(strand, withShortIds(asked), question);
            }
        }

        private ModelRequest withShortIds(ModelRequest asked) throws NotJson {
            if (asked.dialect() != Dialect.RESPONSES || way.surface() != Surface.SERVING) {
                return asked;
            }
            var body = asked.body();
            var cut = LongIds.cut(body);
            return isSame(cut, body) ? asked : asked.withBody(cut.joined(), Limits.DEFAULT);
        }

        private static boolean isSame(Pieces pieces, Bytes body) {
            return pieces.inOrder().size() == 1 && pieces.length() == body.length();
        }

        /// In the form that the workspace takes, and without the fields that it would refuse.
        private ModelRequest shaped(Strand strand, ModelRequest asked, Question question)
                throws NotJson {
            var names =
                    declared.find(way.model())
                            .map(DeclaredModel::names)
                            .orElseGet(() -> List.of(way.model()));
            var formed =
                    asked.dialect() == Dialect.MESSAGES
                            ? ServerTools.without(asked.body(), question.dropped())
                            : turnsInForm(strand, asked, names, question);
            var body = formed == null ? asked.body() : formed;
            var pieces =
                    fields.get()
                            .apply(body, way.surface(), asked.dialect(), names, question.dropped());
            return formed == null && isSame(pieces, body)
                    ? asked
                    : asked.withBody(pieces.joined(), Limits.DEFAULT);
        }

        private @Nullable Bytes turnsInForm(
                Strand strand, ModelRequest asked, List<String> names, Question question)
                throws NotJson {
            var body = asked.body();
            var turns = Turns.outOfForm(body, asked.dialect(), way.surface(), names);
            if (turns == null) {
                return null;
            }
            try (var _ = question.aside(strand, Work.TRANSLATION, body.length())) {
                return turns.inForm();
            }
        }

        private Map<String, String> headers(Question question) {
            var passed =
                    PassedHeaders.with(
                            way.dialect(), question.headers(), withAgentMode(question.headers()));
            if (way.surface() == Surface.SERVING) {
                return passed; // only the gateway books by tags
            }
            var tags = RequestTags.of(Map.of("key", question.caller().id()));
            if (tags.isEmpty()) {
                return passed;
            }
            var tagged = new HashMap<>(passed);
            tagged.put(RequestTags.HEADER, tags.get());
            return tagged;
        }

        /// What coding agents are told to send along to a workspace (facts/databricks.md section 1.4).
        private Map<String, String> withAgentMode(Map<String, String> callers) {
            var mode = callers.get(AGENT_MODE);
            if (mode == null) {
                return way.headers();
            }
            var headers = new HashMap<>(way.headers());
            headers.put(AGENT_MODE, mode);
            return headers;
        }

        private Failure.Upstream refusal(ErrorAnswer answer) {
            var learnt = surfaces.learn(way, answer.status(), answer.code(), answer.message());
            verdict = learnt;
            if (Refusal.isStarting(answer.status(), answer.message())) {
                starting.refused(model);
            }
            return switch (learnt) {
                case CREDENTIAL -> new Failure.CredentialRefused(id, answer.status());
                case MODEL_ABSENT ->
                        new Failure.Rejected(
                                id, 404, answer.message(), null, "model_not_found", "model");
                case TRY_OTHER_SURFACE, PLAIN -> answer.failure(id);
            };
        }
    }

    /// Everything that the workspace declares, its custom endpoints included.
    @Override
    public Supplier<List<String>> models(Strand strand) {
        var listings =
                wires.target()
                        .tokens()
                        .renewingOnce(strand, () -> DeclaredListings.fetch(wires, strand, schemas));
        return () -> declare(listings.models());
    }

    private List<String> declare(DeclaredModels found) {
        surfaces.declare(found);
        declared = found;
        starting.forget();
        return found.rows().stream().map(DeclaredModel::name).toList();
    }

    /// What the workspace last declared, for the model hub.
    public DeclaredModels declared() {
        return declared;
    }

    @Override
    public void retire(Duration patience) {
        wires.retire(patience);
    }
}
