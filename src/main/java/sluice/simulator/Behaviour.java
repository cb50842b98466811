package sluice.simulator;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// A way to answer, chosen by the model name {@code sim-NAME} or by the header {@code x-sim-behaviour: NAME}, both with
/// options after it: {@code paced;frames=64;interval=50}. A behaviour is no more than a name for some options of a
/// {@link Script}, so any option can be added to any behaviour; {@link #OPTIONS} lists them all.
public enum Behaviour {
    NORMAL("", "answers as the model would"),

    CONTENT_LIST("content=list", "content is a list of reasoning and text items, in deltas too"),
    CONTENT_NULL("content=null", "content is null"),
    DATA_IN_TEXT(
            "say=The line data: {\"a\":1} and data: [DONE] are text here.", "text holds 'data:'"),
    TOOLS("tools=one", "calls the first tool, or a made-up 'lookup'"),
    TOOLS_PARALLEL("tools=parallel", "two calls, one behind the other"),
    TOOLS_EMPTY("tools=empty", "a call whose arguments are an empty text"),
    TOOLS_BARE("tools=bare", "a call that is announced, and never says a word of arguments"),
    TOOLS_AFTER_TEXT("tools=after-text", "some words, then a call"),
    TOOLS_INTERLEAVED("tools=interleaved", "two calls whose argument fragments take turns"),
    TOOLS_BRACES("tools=braces", "a call without arguments, streamed as a lone '{}'"),
    TOOLS_BRACES_FIRST("tools=braces-first", "'{}' first, then the real arguments"),

    THINKING("reasoning=yes", "reasons first, asked or not"),
    THINKING_REDACTED("reasoning=redacted", "reasons where nobody can read it"),
    THINKING_OMITTED("reasoning=omitted", "reasons, signs it and leaves its text out"),
    CACHED("cache-read=1024;cache-write=256", "part of the prompt came from the cache"),

    MAX_TOKENS("finish=length", "stops because of the length"),
    STOP_SEQUENCE("finish=sequence", "stops at a stop sequence"),
    REFUSAL("finish=refusal;say=I cannot help with that.", "the model refuses"),
    FILTERED("finish=filter", "a content filter stops it"),
    PAUSED("finish=pause", "stops with pause_turn"),
    CONTEXT_FULL("finish=context", "stops because the context is full"),

    HUGE_EVENT("tools=one;arguments=1048576", "one event with a 1 MB argument"),
    HUGE_REPLY("size=16777216", "16 MB of text"),

    USAGE_EVERY_CHUNK("usage=every", "usage on every chunk, growing"),
    USAGE_ON_FINISH("usage=finish", "usage on the chunk with the finish reason"),
    USAGE_EXTRA("usage=extra", "usage on one more chunk with choices []"),
    USAGE_DELTA("usage=delta", "usage on one more chunk with an empty delta"),
    USAGE_AFTER("usage=after", "several chunks after the finish, the last with usage"),
    USAGE_NONE("usage=none", "no usage at all, plain replies neither"),

    CRLF("newline=crlf", "lines end with CR LF"),
    NO_SPACE("space=no", "'data:' without the space"),
    COMMENTS("comments=yes", "a comment line before every event"),
    TWO_LINES("lines=2", "every event's data on two data lines"),
    BYTE_BY_BYTE("writes=byte", "every byte in a write of its own"),
    ONE_WRITE("writes=whole", "all events in one write"),
    SPLIT_UTF8(
            "writes=split;say=Gr\u00fc\u00dfe \u4f60\u597d \ud83c\udf0d!",
            "writes end inside characters"),
    GZIP("encoding=gzip", "content-encoding gzip, asked for or not"),
    CLOSE_DELIMITED("length=close", "the body ends where the connection does"),
    HUGE_HEADERS("header-bytes=131072", "128 KB of response headers"),

    SLOW("delay=2000", "waits before the status line"),
    SLOW_FIRST_EVENT("first=2000", "waits between headers and first event"),
    PACED("frames=64;interval=50", "a fixed number of deltas at a fixed interval"),
    SILENT("end=silence;at=first-byte", "never says anything"),
    SILENT_STREAM("end=silence;at=head", "headers and nothing more"),
    STALLED("end=silence;at=event", "some events, then nothing more"),

    CUT_BEFORE("end=close;at=first-byte", "closes without a byte"),
    CUT_IN_HEAD("end=close;at=mid-head", "closes inside the headers"),
    CUT_AFTER_HEAD("end=close;at=head", "closes after the headers"),
    CUT_IN_EVENT("end=close;at=mid-event", "closes inside an event, or half-way through a body"),
    CUT("end=close;at=event", "closes between two events"),
    CUT_BEFORE_DONE("end=close;at=done", "closes when only the last event is missing"),
    RESET("end=reset;at=event", "resets the connection between two events"),
    NO_DONE("done=no", "ends well, but never says so"),

    GARBAGE("error=garbage", "bytes that are not HTTP"),
    HTML("error=html;status=200", "200 with a web page"),
    JSON_ERROR("error=platform;status=200", "200 with an error as JSON, even to a stream"),
    NOT_JSON("fault=not-json", "a stream whose data is not JSON"),
    ERROR_FIRST("fault=first", "a stream whose first event is {\"error\":...}"),
    ERROR_CODE_FIRST("fault=code-first", "a stream whose first event is {\"error_code\":...}"),
    PINGS("fault=pings;interval=20", "signs of life without end, and nothing else"),
    ERROR_MID("fault=mid", "an error event after half of the text, then the end"),

    ERROR("error=platform", "{error_code, message, details}"),
    ERROR_NESTED("error=nested", "the same with JSON inside the message"),
    ERROR_VALIDATOR("error=validator", "{message} alone"),
    ERROR_LIMIT("error=limit", "429 {error: {type, limit_type, retry_after, ...}}"),
    STARTING("error=starting", "503: the endpoint is being started"),
    TOO_LONG("error=too-long", "400: the prompt is too long"),
    UNWANTED("error=unwanted", "400: a content filter does not want the prompt"),
    ERROR_TOKEN("error=token", "400 and the text 'Invalid Token'"),
    ERROR_HTML("error=html", "502 with a web page"),
    ERROR_LOGIN("error=login", "302 to /login.html"),

    RATE_LIMITED("error=own;status=429;retry-after=1", "429 with Retry-After in seconds"),
    RATE_LIMITED_DATE("error=own;status=429;retry-after=1;retry-form=date", "429 with a date"),
    RATE_LIMITED_BARE("error=own;status=429", "429 without Retry-After"),
    UNAUTHORIZED("error=own;status=401", "401"),
    FORBIDDEN("error=own;status=403", "403"),
    FAULT("error=own;status=500", "500"),
    NOT_IMPLEMENTED("error=own;status=501", "501"),
    UNAVAILABLE("error=own;status=503", "503"),
    TIMEOUT("error=own;status=504", "504"),
    OVERLOADED("error=own;status=529", "529"),
    CANCELLED("error=empty", "499 without a body");

    public static final String HEADER = "x-sim-behaviour";
    static final String MODEL_PREFIX = "sim-";

    /// Every option: what it takes, what it is when not given, what it does.
    public static final String OPTIONS =
            """
            say=TEXT           the reply, percent-encoded where it holds ';' or '%'
            frames=N           exactly N deltas of text
            size=BYTES         text at least so long
            content=string     string | list | null
            tools=asked        asked | one | parallel | empty | bare | after-text | interleaved |
                               braces | braces-first
            arguments=BYTES    a tool argument so long, in one event
            reasoning=asked    asked | yes | redacted | omitted | no
            finish=model       model | stop | length | sequence | filter | refusal | pause | context
            cache-read=N       tokens of the prompt that came from the cache
            cache-write=N      tokens of the prompt that went into the cache
            cache-in-prompt=no whether a Claude's prompt_tokens include them in chat completions
            pings=1            pings in a stream of Anthropic's
            usage=surface      surface | every | finish | extra | delta | none | after
            fault=none         none | first | code-first | mid | not-json | pings: what is wrong in the events
            error=none         none | own | platform | nested | validator | limit | starting | too-long | unwanted |
                               token | html | login | empty | garbage
            status=N           the status of the error
            error-bytes=N      so much more in the words of the errors own and platform
            retry-after=N      seconds, in the header Retry-After; 0 sends none
            retry-form=seconds seconds | date
            delay=MS           wait before the status line
            first=MS           wait between headers and first event
            interval=MS        wait between events
            end=done           done | close | reset | silence: how the answer ends
            at=event           first-byte | mid-head | head | mid-event | event | done: where it ends so
            after=2            events before that place
            newline=lf         lf | crlf
            space=yes          a space after 'data:'
            lines=1            1 | 2 data lines for an event
            comments=no        a comment line before every event
            writes=event       event | byte | split | whole: what one write holds
            done=yes           the last event, [DONE] or its like
            encoding=identity  identity | gzip
            length=told        told | close: content-length or chunks, or the end of the connection
            header-bytes=N     so much more in headers
            quota=PERCENT      what is left of a limit on requests, in headers; 0 sends none
            times=N            only the first N requests with this very text; then normal
            """;

    private final String preset;
    private final String sentence;

    Behaviour(String preset, String sentence) {
        this.preset = preset;
        this.sentence = sentence;
    }

    /// The value of the header: the name, then the options as given.
    public String with(String... options) {
        return Options.wire(this)
                + Arrays.stream(options).map(option -> ";" + option).collect(Collectors.joining());
    }

    /// The model name that chooses this behaviour.
    public String model(String... options) {
        return MODEL_PREFIX + with(options);
    }

    /// What it does, in a few words.
    public String sentence() {
        return sentence;
    }

    String preset() {
        return preset;
    }

    static Behaviour named(String name) {
        for (var behaviour : values()) {
            if (Options.wire(behaviour).equals(name)) {
                return behaviour;
            }
        }
        throw new IllegalArgumentException(
                "unknown behaviour '" + name + "', known are " + names());
    }

    static List<String> names() {
        return Arrays.stream(values()).map(Options::wire).toList();
    }
}
