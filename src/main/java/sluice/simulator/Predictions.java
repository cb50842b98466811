package sluice.simulator;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a custom model is asked, in any of its four forms, and what it foretells: the same number for the same row,
/// between 0 and 1.
final class Predictions {
    private static final List<String> FORMS =
            List.of("dataframe_records", "dataframe_split", "inputs", "instances");

    private Predictions() {}

    static Map<String, @Nullable Object> answer(Body body) throws Refused {
        var given = FORMS.stream().filter(body::says).toList();
        if (given.size() != 1) {
            throw body.bad(
                    "Invalid input. The input must be a JSON dictionary with exactly one of the"
                            + " input fields "
                            + FORMS
                            + ".");
        }
        var rows = rows(body, given.getFirst());
        return Json.object("predictions", rows.stream().map(Predictions::prediction).toList());
    }

    private static List<?> rows(Body body, String form) throws Refused {
        if (form.equals("dataframe_split")) {
            var frame = body.object(form);
            if (frame.get("columns") instanceof List<?>
                    && frame.get("data") instanceof List<?> rows) {
                return rows;
            }
            throw body.bad("dataframe_split must have the lists 'columns' and 'data'.");
        }
        return switch (body.fields().get(form)) {
            case List<?> rows -> rows;
            case Map<?, ?> columns when form.equals("inputs") -> transposed(columns);
            case null, default -> throw body.bad(form + " must be a list of rows.");
        };
    }

    /// As many rows as the longest column has; a tensor by name counts as one.
    private static List<?> transposed(Map<?, ?> columns) {
        int rows =
                columns.values().stream()
                        .mapToInt(column -> column instanceof List<?> values ? values.size() : 1)
                        .max()
                        .orElse(0);
        return Stream.iterate(0, at -> at + 1).limit(rows).map(at -> List.of(at, columns)).toList();
    }

    private static double prediction(@Nullable Object row) {
        return Signature.sum(Json.bytes(row)) % 1000 / 1000.0;
    }
}
