package sluice.admin;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;
import sluice.call.Failure;
import sluice.call.Grant;
import sluice.call.ModelPatterns;
import sluice.call.Principal;
import sluice.json.JsonText;

/// {@code GET /admin/v1/routing[?model=NAME][&key=ID]}: where calls would go now, and why.
final class RoutingPage {
    private static final int MAX_QUERY = 2_048;
    private static final Principal OPERATOR =
            new Principal("operator", new ModelPatterns(List.of("*")));

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
        var caller = caller(question, view);
        var text = new JsonText().object().array("models");
        var model = question.model();
        if (model == null) {
            view.routes().explainAll(text, caller);
        } else {
            var meaning = view.catalog().resolve(model, caller);
            view.routes().explain(new Grant(caller, meaning), text);
        }
        return text.end().end().toBytes();
    }

    private static Principal caller(Question question, View view) {
        var id = question.key();
        if (id == null) {
            return OPERATOR;
        }
        var caller = view.callers().apply(id);
        if (caller == null) {
            throw malformed("No virtual key has this id.", "key");
        }
        return caller;
    }

    private static RuntimeException malformed(String message, @Nullable String param) {
        return new Failure.Malformed(message, param).asException();
    }
}
