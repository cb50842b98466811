package sluice.route;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sluice.json.JsonText;

/// How the candidates of a plan were doing when one was chosen, kept as it was and written later, off the path.
///
/// @param open the candidates that the call could go to, a bit for each
/// @param before what was considered for the wish before this one
record Considered(Plan plan, Ratings ratings, long open, int chosen, @Nullable Considered before)
        implements Consumer<JsonText> {

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
        for (int i = 0; i < plan.size(); i++) {
            text.object().field("target", plan.candidate(i).model().text());
            if ((open & 1L << i) == 0) {
                text.field("skipped", "metadata_match");
            } else {
                text.field("health", ratings.fitness(i).token());
            }
            var pace = ratings.pace(i);
            text.field("samples", pace.samples());
            if (pace.samples() > 0) {
                text.field("micros_per_token", pace.meanNanos() / 1_000);
            }
            text.field("chosen", i == chosen).end();
        }
        text.end().end();
    }
}
