package sluice.simulator;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Reads requests in the dialect of OpenAI's Responses (facts: llm-protocols, 5; databricks, 3.2).
final class ResponsesRequest {
    /// What Databricks does not do for the models it hosts; false is as good as nothing.
    private static final List<String> UNSUPPORTED =
            List.of("background", "store", "previous_response_id", "conversation", "service_tier");

    private static final Set<String> PARTS =
            Set.of(
                    "input_text",
                    "input_image",
                    "input_file",
                    "input_audio",
                    "output_text",
                    "refusal",
                    "summary_text",
                    "reasoning_text");
    private static final int ID_MAX = 64;

    private final Body body;
    private final Surface surface;

    private ResponsesRequest(Body body, Surface surface) {
        this.body = body;
        this.surface = surface;
    }

    /// {@code voice} words what is wrong, {@code surface} is the one that passes the dialect through.
    static Asked read(Body body, Endpoint endpoint, Surface voice, Surface surface) throws Refused {
        var request = new ResponsesRequest(body.on(voice), surface);
        if (surface.databricks() && endpoint.foundation()) {
            request.checkSupported();
        }
        return request.asked();
    }

    private void checkSupported() throws Refused {
        for (var field : UNSUPPORTED) {
            if (body.says(field) && !Boolean.FALSE.equals(body.fields().get(field))) {
                throw body.bad(field + " is not supported.");
            }
        }
    }

    private Asked asked() throws Refused {
        var messages = new ArrayList<Asked.Message>();
        var instructions = body.text("instructions");
        if (!instructions.isEmpty()) {
            messages.add(new Asked.Message("system", instructions));
        }
        switch (body.fields().get("input")) {
            case String text -> messages.add(new Asked.Message("user", text));
            case List<?> items when !items.isEmpty() -> messages.addAll(items(items));
            case null, default -> throw body.bad("Missing required parameter: 'input'.");
        }
        return new Asked(
                body.flag("stream"),
                false,
                body.number("max_output_tokens", 0),
                messages,
                tools(),
                choice(),
                List.of(),
                reasons());
    }

    private boolean reasons() {
        var reasoning = body.object("reasoning");
        return reasoning.get("summary") != null
                || (reasoning.get("effort") instanceof String effort && !effort.equals("none"));
    }

    private List<Asked.Message> items(List<?> items) throws Refused {
        var messages = new ArrayList<Asked.Message>();
        var called = new HashSet<String>();
        var answered = new HashSet<String>();
        for (int at = 0; at < items.size(); at++) {
            var where = "input[" + at + "]";
            if (!(items.get(at) instanceof Map<?, ?> item)) {
                throw body.bad("Invalid type for '" + where + "': expected an object.");
            }
            checkId(item, where);
            switch (item.get("type") instanceof String type ? type : "message") {
                case "function_call" -> {
                    text(item, "name", where);
                    text(item, "arguments", where);
                    called.add(text(item, "call_id", where));
                }
                case "function_call_output" -> {
                    var id = text(item, "call_id", where);
                    if (!called.contains(id)) {
                        throw body.bad(
                                "No tool call found for function call output with call_id "
                                        + id
                                        + ".");
                    }
                    answered.add(id);
                    messages.add(new Asked.Message("tool", Asked.text(item.get("output"))));
                }
                case "message" -> messages.add(message(item, where));
                default -> {} // reasoning, items of hosted tools and what is yet to come
            }
        }
        called.removeAll(answered);
        if (!called.isEmpty()) {
            throw body.bad(
                    "No tool output found for function call "
                            + called.stream().sorted().findFirst().orElseThrow()
                            + ".");
        }
        if (messages.isEmpty()) {
            throw body.bad("Missing required parameter: 'input'.");
        }
        return messages;
    }

    private Asked.Message message(Map<?, ?> item, String where) throws Refused {
        var role = text(item, "role", where);
        if (item.get("content") instanceof List<?> parts) {
            for (int at = 0; at < parts.size(); at++) {
                if (!(parts.get(at) instanceof Map<?, ?> part)
                        || !(part.get("type") instanceof String type)
                        || !PARTS.contains(type)) {
                    throw body.bad("Invalid value: '" + where + ".content[" + at + "].type'.");
                }
            }
        }
        return new Asked.Message(role, Asked.text(item.get("content")));
    }

    /// Model serving gives longer ids out than it takes back.
    private void checkId(Map<?, ?> item, String where) throws Refused {
        if (surface == Surface.SERVING
                && item.get("id") instanceof String id
                && id.length() > ID_MAX) {
            throw body.bad(
                    "Invalid '"
                            + where
                            + ".id': string too long. Expected a string with maximum length "
                            + ID_MAX
                            + ", but got a string with length "
                            + id.length()
                            + " instead.");
        }
    }

    private String text(Map<?, ?> item, String field, String where) throws Refused {
        if (item.get(field) instanceof String text) {
            return text;
        }
        throw body.bad("Missing required parameter: '" + where + "." + field + "'.");
    }

    private List<Asked.Tool> tools() throws Refused {
        var tools = new ArrayList<Asked.Tool>();
        int at = 0;
        for (var item : body.list("tools")) {
            var where = "tools[" + at++ + "]";
            if (item instanceof Map<?, ?> tool && "function".equals(tool.get("type"))) {
                tools.add(Asked.Tool.of(text(tool, "name", where), tool.get("parameters")));
            }
        }
        return tools;
    }

    private String choice() {
        return switch (body.fields().get("tool_choice")) {
            case String word -> word;
            case Map<?, ?> named when named.get("name") instanceof String name -> name;
            case null, default -> "auto";
        };
    }
}
