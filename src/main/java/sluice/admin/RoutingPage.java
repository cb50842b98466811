package sluice.admin;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;
import sluice.call.Failure;
import sluice.call.Reach;
import sluice.json.JsonText;

/// {@code GET /admin/v1/routing[?model=NAME][&key=ID]}: where calls would go now, and why.
final class RoutingPage {
    private static final int MAX_QUERY = 2_048;
    private static final String OPERATOR = "operator";

    private RoutingPage() {}

    private record Question(@Nullable String model, @Nullable String key) {
        static Question parse(String query) {
            if (query.length() > MAX_QUERY) {
                throw malformed("The query is longer than " + MAX_QUERY + " characters.", null);
            }
            String model = null;
            String key = null;
            for (var pair : query.split("&", -1)) {
                int equals = pair.indexOf('=');
                var name = equals < 0 ? pair : pair.substring(0, equals);
                var value = equals < 0 ? "" : decoded(pair.substring(equals + 1), name);
                switch (name) {
                    case "" -> {}
                    case "model" -> model = value;
                    case "key" -> key = value;
                    default ->
                            throw malformed("An unknown parameter; known are model and key.", null);
                }
            }
            return new Question(model, key);
        }

        private static String decoded(String value, String name) {
            try {
                return URLDecoder.decode(value, StandardCharsets.UTF_8);
            } catch (IllegalArgumentException broken) {
                throw malformed("A broken percent escape.", name);
            }
        }
    }

    static Bytes print(String query, View view) {
        var question = Question.parse(query);
        var key = question.key() == null ? OPERATOR : question.key();
        var reach = reach(question, view);
        var text = new JsonText().object().array("models");
        var model = question.model();
        if (model == null) {
            view.routes().explainAll(key, reach, text);
        } else {
            view.routes().explain(view.catalog().resolve(model, reach), key, reach, text);
        }
        return text.end().end().toBytes();
    }

    private static Reach reach(Question question, View view) {
        var id = question.key();
        if (id == null) {
            return Reach.EVERYTHING;
        }
        var reach = view.reaches().apply(id);
        if (reach == null) {
            throw malformed("No virtual key has this id.", "key");
        }
        return reach;
    }

    private static RuntimeException malformed(String message, @Nullable String param) {
        return new Failure.Malformed(message, param).asException();
    }
}
