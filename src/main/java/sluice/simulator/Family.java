package sluice.simulator;

import java.util.regex.Pattern;

/// Whose model an endpoint serves, told by its name: it decides which fields and which dialects are taken.
enum Family {
    CLAUDE,
    GPT,
    GEMINI,
    /// Open weights and everything of one's own.
    OPEN,
    /// A model that exists for a behaviour takes whatever any of them takes.
    ANY;

    private static final Pattern GPT_NAME = Pattern.compile("gpt-[0-9]");
    private static final Pattern ADAPTIVE =
            Pattern.compile("opus-4-[7-9]|opus-[5-9]|sonnet-[5-9]|haiku-[5-9]|fable|mythos");

    static Family of(String name) {
        if (name.startsWith(Behaviour.MODEL_PREFIX)) {
            return ANY;
        }
        if (name.contains("claude")) {
            return CLAUDE;
        }
        if (name.contains("gemini")) {
            return GEMINI;
        }
        return GPT_NAME.matcher(name).find() ? GPT : OPEN;
    }

    /// A Claude that decides by itself how much to think, and takes no sampling parameters.
    static boolean adaptiveOnly(String name) {
        return of(name) == CLAUDE && ADAPTIVE.matcher(name).find();
    }

    boolean is(Family other) {
        return this == other || this == ANY;
    }
}
