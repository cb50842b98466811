package sluice.route;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sluice.json.JsonText;

/// How the candidates of a plan were doing when one was chosen, kept as it was and written later, off the path.
final class Considered implements Consumer<JsonText> {
    private final Plan plan;
    private final @Nullable Fitness[] fitness;
    private final Pace.Summary[] paces;
    private final int chosen;
    private final @Nullable Considered before;

    private Considered(
            Plan plan,
            @Nullable Fitness[] fitness,
            Pace.Summary[] paces,
            int chosen,
            @Nullable Considered before) {
        this.plan = plan;
        this.fitness = fitness;
        this.paces = paces;
        this.chosen = chosen;
        this.before = before;
    }

    /// @param fitness as found; null for a candidate that the call may not go to
    /// @param before what was considered for the wish before this one
    static Considered of(
            Plan plan,
            @Nullable Fitness[] fitness,
            int chosen,
            long nowNanos,
            @Nullable Considered before) {
        var paces = new Pace.Summary[plan.size()];
        for (int i = 0; i < paces.length; i++) {
            paces[i] = plan.candidate(i).vitals().pace(nowNanos);
        }
        return new Considered(plan, fitness, paces, chosen, before);
    }

    /// An array of one object for each choice; each lists its candidates in the order of the configuration.
    @Override
    public void accept(JsonText text) {
        text.array("routing");
        write(text);
        text.end();
    }

    private void write(JsonText text) {
        if (before != null) {
            before.write(text);
        }
        text.object()
                .field("model", plan.name().text())
                .field("strategy", plan.strategy().token())
                .array("considered");
        for (int i = 0; i < paces.length; i++) {
            text.object().field("target", plan.candidate(i).model().text());
            var found = fitness[i];
            if (found == null) {
                text.field("skipped", "metadata_match");
            } else {
                text.field("health", found.token());
            }
            text.field("samples", (long) paces[i].samples());
            if (paces[i].samples() > 0) {
                text.field("micros_per_token", paces[i].meanNanos() / 1_000);
            }
            text.field("chosen", i == chosen).end();
        }
        text.end().end();
    }
}
