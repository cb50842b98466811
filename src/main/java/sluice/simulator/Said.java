package sluice.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// What the model says: words, perhaps after some reasoning, and calls of tools. {@code stop} is the text that it
/// stopped at, empty when there was none.
record Said(
        List<String> reasoning, List<String> words, List<Call> calls, Finish finish, String stop) {
    private static final Pattern BETWEEN_WORDS = Pattern.compile("(?<= )(?=[^ ])");
    private static final int ECHO_MAX = 200;
    private static final List<String> REASONING =
            List.of("The caller said something; ", "I should answer in kind.");
    private static final List<String> CLOSINGS =
            List.of(
                    "This is a simulated model, so the form is real and the knowledge is not.",
                    "A real model would know more; this one only keeps the conversation going.",
                    "Nothing was looked up for this reply, and nothing was charged for it.",
                    "Ask the same again and the same words will come back.");
    private static final Asked.Tool LOOKUP =
            new Asked.Tool("lookup", Map.of("key", "string", "limit", "integer"));

    /// One call of a tool. The fragments joined are its arguments as JSON.
    record Call(String id, String name, List<String> fragments) {
        String arguments() {
            return String.join("", fragments);
        }
    }

    static Said to(Asked asked, Script.Words script, long seed) {
        var reasoning = reasons(asked, script) ? REASONING : List.<String>of();
        var calls = calls(asked, script);
        if (!calls.isEmpty()) {
            var before =
                    script.tools() == Script.Tools.AFTER_TEXT
                            ? words("Let me look that up. ")
                            : List.<String>of();
            return new Said(reasoning, before, calls, Finish.TOOLS, "");
        }
        var text = script.say().isEmpty() ? reply(asked, seed) : script.say();
        if (script.frames() > 0) {
            return words(reasoning, frames(words(text), script.frames()), Finish.STOP, script);
        }
        if (script.size() > text.length()) {
            var repeated = (text + " ").repeat(script.size() / text.length() + 1);
            var parts = fragments(beginning(repeated, 0, script.size()), 16 << 10);
            return words(reasoning, parts, Finish.STOP, script);
        }
        for (var stop : asked.stops()) {
            int at = stop.isEmpty() ? -1 : text.indexOf(stop);
            if (at > 0) {
                return new Said(
                        reasoning, words(text.substring(0, at)), List.of(), Finish.SEQUENCE, stop);
            }
        }
        int limit = 4 * asked.maxTokens() + 2;
        boolean cut = asked.maxTokens() > 0 && text.length() > limit;
        return words(
                reasoning,
                words(cut ? beginning(text, 0, limit) : text),
                cut ? Finish.LENGTH : Finish.STOP,
                script);
    }

    private static Said words(
            List<String> reasoning, List<String> words, Finish natural, Script.Words script) {
        var finish = script.finish() == Finish.MODEL ? natural : script.finish();
        return new Said(
                reasoning, words, List.of(), finish, finish == Finish.SEQUENCE ? "END" : "");
    }

    private static boolean reasons(Asked asked, Script.Words script) {
        return switch (script.reasoning()) {
            case ASKED -> asked.reasoning() || script.content() == Script.Content.LIST;
            case YES, REDACTED, OMITTED -> true;
            case NO -> false;
        };
    }

    String text() {
        return String.join("", words);
    }

    String thought() {
        return String.join("", reasoning);
    }

    /// The length of all that was said, which is what output tokens are counted from.
    int length() {
        return reasoning.stream().mapToInt(String::length).sum()
                + words.stream().mapToInt(String::length).sum()
                + calls.stream()
                        .mapToInt(call -> call.name().length() + call.arguments().length())
                        .sum();
    }

    private static String reply(Asked asked, long seed) {
        var last = asked.last();
        var heard = beginning(last.text().strip(), 0, ECHO_MAX);
        var closing = CLOSINGS.get(Math.floorMod(last.text().hashCode() + seed, CLOSINGS.size()));
        if (last.role().equals("tool")) {
            return "The tool answered: " + heard + " " + closing;
        }
        return (heard.endsWith("?") ? "You asked: " : "You said: ") + heard + " " + closing;
    }

    private static List<Call> calls(Asked asked, Script.Words script) {
        var tool = asked.tools().isEmpty() ? LOOKUP : asked.tools().getFirst();
        var arguments = script.arguments() > 0 ? huge(script.arguments()) : arguments(tool);
        return switch (script.tools()) {
            case ASKED -> asked(asked);
            case ONE -> List.of(call(0, tool, arguments));
            case INTERLEAVED -> {
                var other = asked.tools().size() > 1 ? asked.tools().get(1) : tool;
                yield List.of(call(0, tool, arguments), call(1, other, arguments(other)));
            }
            case PARALLEL -> List.of(call(0, tool, arguments), call(1, tool, arguments));
            case EMPTY -> List.of(call(0, tool, List.of("")));
            case BARE -> List.of(call(0, tool, List.of()));
            case AFTER_TEXT -> List.of(call(0, tool, arguments));
            case BRACES -> List.of(call(0, tool, List.of("{}")));
            case BRACES_FIRST -> List.of(call(0, tool, arguments));
        };
    }

    /// Tools are called when the choice demands it, or when it is open and the last message, from the user, names a
    /// tool or says "tool".
    private static List<Call> asked(Asked asked) {
        var calls = new ArrayList<Call>();
        var text = asked.last().text().toLowerCase(Locale.ROOT);
        boolean open = asked.choice().equals("auto") && asked.last().role().equals("user");
        for (var tool : asked.tools()) {
            if (asked.choice().equals(tool.name())
                    || (open && text.contains(tool.name().toLowerCase(Locale.ROOT)))) {
                calls.add(call(calls.size(), tool, arguments(tool)));
            }
        }
        boolean any = asked.choice().equals("required") || (open && text.contains("tool"));
        if (calls.isEmpty() && any && !asked.tools().isEmpty()) {
            var first = asked.tools().getFirst();
            calls.add(call(0, first, arguments(first)));
        }
        return calls;
    }

    private static Call call(int index, Asked.Tool tool, List<String> fragments) {
        return new Call(
                "call_" + Integer.toHexString(tool.name().hashCode()) + "_" + index,
                tool.name(),
                fragments);
    }

    private static List<String> arguments(Asked.Tool tool) {
        var arguments = new TreeMap<String, @Nullable Object>();
        tool.parameters().forEach((name, type) -> arguments.put(name, example(name, type)));
        return fragments(Json.text(arguments), 8);
    }

    private static List<String> huge(int size) {
        return List.of(Json.text(Json.object("text", "x".repeat(size))));
    }

    private static Object example(String name, String type) {
        return switch (type) {
            case "integer", "number" -> 1;
            case "boolean" -> true;
            case "array" -> List.of();
            case "object" -> Map.of();
            default -> "some " + name;
        };
    }

    private static List<String> frames(List<String> words, int frames) {
        return IntStream.range(0, frames)
                .mapToObj(at -> words.get(at % words.size()))
                .map(word -> word.endsWith(" ") ? word : word + " ")
                .toList();
    }

    private static List<String> fragments(String text, int size) {
        var fragments = new ArrayList<String>();
        for (int from = 0; from < text.length(); ) {
            var part = beginning(text, from, size);
            fragments.add(part);
            from += part.length();
        }
        return fragments;
    }

    private static List<String> words(String text) {
        return List.of(BETWEEN_WORDS.split(text));
    }

    /// At most so many chars from there on; {@code max} is over 1, so that no surrogate pair has to be halved.
    private static String beginning(String text, int from, int max) {
        if (text.length() - from <= max) {
            return text.substring(from);
        }
        boolean half = Character.isHighSurrogate(text.charAt(from + max - 1));
        return text.substring(from, from + (half ? max - 1 : max));
    }
}
