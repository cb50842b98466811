package sluice.simulator;

import java.time.Duration;

/// A {@link Behaviour} with its options, read: what is said, and how it travels. {@code times} is how often it applies,
/// 0 without end.
record Script(Words words, Wire wire, int times) {
    static final Script NORMAL = read("normal");

    /// Throws when the text is no behaviour, with a message that says why.
    static Script read(String spec) {
        var options = Options.read(spec);
        var script = new Script(Words.of(options), Wire.of(options), options.number("times", 0));
        options.nothingLeft();
        return script;
    }

    /// What is said. An empty text, and 0 in a number, mean that the model decides.
    record Words(
            String say,
            int frames,
            int size,
            Content content,
            Tools tools,
            int arguments,
            UsageOn usage,
            Fault fault,
            Reasoning reasoning,
            Finish finish,
            int cacheRead,
            int cacheWrite,
            boolean cacheInPrompt,
            int pings,
            Trouble trouble) {

        static Words of(Options options) {
            return new Words(
                    options.text("say", ""),
                    options.number("frames", 0),
                    options.number("size", 0),
                    options.choice("content", Content.STRING),
                    options.choice("tools", Tools.ASKED),
                    options.number("arguments", 0),
                    options.choice("usage", UsageOn.SURFACE),
                    options.choice("fault", Fault.NONE),
                    options.choice("reasoning", Reasoning.ASKED),
                    options.choice("finish", Finish.MODEL),
                    options.number("cache-read", 0),
                    options.number("cache-write", 0),
                    options.yes("cache-in-prompt", false),
                    options.number("pings", 1),
                    Trouble.of(options));
        }
    }

    enum Content {
        STRING,
        LIST,
        NULL
    }

    enum Tools {
        ASKED,
        ONE,
        /// One behind the other.
        PARALLEL,
        INTERLEAVED,
        /// With arguments that are an empty text.
        EMPTY,
        /// Without a word about arguments.
        BARE,
        AFTER_TEXT,
        BRACES,
        BRACES_FIRST
    }

    /// Where a stream says what it used.
    enum UsageOn {
        /// As the surface does: on every chunk of a workspace, on one more when asked of a provider.
        SURFACE,
        EVERY,
        FINISH,
        /// On one more chunk, without choices.
        EXTRA,
        /// On one more chunk, with an empty delta.
        DELTA,
        /// On one more chunk, after others that follow the finish.
        AFTER,
        NONE
    }

    enum Fault {
        NONE,
        FIRST,
        CODE_FIRST,
        MID,
        NOT_JSON,
        /// Signs of life and nothing else.
        PINGS
    }

    enum Reasoning {
        /// When the request asks for it, or the content is a list.
        ASKED,
        YES,
        /// As Anthropic hides it: a block of data nobody can read.
        REDACTED,
        /// Signed, but without its text.
        OMITTED,
        NO
    }

    /// How it travels. {@code after} counts events, for the places that lie between or in them.
    record Wire(
            Duration delay,
            Duration first,
            Duration interval,
            End end,
            Place at,
            int after,
            boolean crlf,
            boolean space,
            boolean twoLines,
            boolean comments,
            Writes writes,
            boolean done,
            boolean gzip,
            boolean untold,
            int headerBytes,
            int quota) {

        static Wire of(Options options) {
            return new Wire(
                    options.millis("delay"),
                    options.millis("first"),
                    options.millis("interval"),
                    options.choice("end", End.DONE),
                    options.choice("at", Place.EVENT),
                    options.number("after", 2),
                    options.choice("newline", Newline.LF) == Newline.CRLF,
                    options.yes("space", true),
                    options.number("lines", 1) > 1,
                    options.yes("comments", false),
                    options.choice("writes", Writes.EVENT),
                    options.yes("done", true),
                    options.choice("encoding", Encoding.IDENTITY) == Encoding.GZIP,
                    options.choice("length", Length.TOLD) == Length.CLOSE,
                    options.number("header-bytes", 0),
                    options.number("quota", 0));
        }

        /// True when the answer does not go on after this place.
        boolean ends(Place place) {
            return end != End.DONE && at == place;
        }
    }

    enum End {
        DONE,
        CLOSE,
        RESET,
        SILENCE
    }

    enum Place {
        FIRST_BYTE,
        MID_HEAD,
        HEAD,
        MID_EVENT,
        EVENT,
        DONE
    }

    enum Writes {
        EVENT,
        BYTE,
        /// Inside every character of more than one byte.
        SPLIT,
        WHOLE
    }

    private enum Newline {
        LF,
        CRLF
    }

    private enum Encoding {
        IDENTITY,
        GZIP
    }

    private enum Length {
        TOLD,
        CLOSE
    }
}
