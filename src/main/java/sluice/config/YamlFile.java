package sluice.config;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceEndEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.events.StreamEndEvent;
import org.snakeyaml.engine.v2.events.StreamStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/// One file's bytes become a {@link Yaml} tree with places.
///
/// The tree is built from the parser's events, not by its composer: the composer recurses without a limit, and its
/// messages quote the lines around a mistake, which may hold a secret.
final class YamlFile {
    static final int MAX_BYTES = 1024 * 1024;
    private static final int MAX_DEPTH = 32;
    private static final int MAX_VALUES = 100_000;
    private static final String TEXT_TAG = Tag.STR.getValue();
    private static final CoreSchema SCHEMA = new CoreSchema();
    private static final Map<Tag, Yaml.Scalar.Type> TYPES =
            Map.of(
                    Tag.INT, Yaml.Scalar.Type.WHOLE,
                    Tag.FLOAT, Yaml.Scalar.Type.FRACTION,
                    Tag.BOOL, Yaml.Scalar.Type.TRUTH,
                    Tag.NULL, Yaml.Scalar.Type.NOTHING);

    private final String file;
    private final Reading reading;
    private final Iterator<Event> events;
    private final Map<Anchor, Anchored> anchors = new HashMap<>();
    private int values;

    private YamlFile(String file, String text, Reading reading) {
        this.file = file;
        this.reading = reading;
        var settings =
                LoadSettings.builder()
                        .setSchema(SCHEMA)
                        .setCodePointLimit(MAX_BYTES)
                        .setParseComments(false)
                        .build();
        this.events = new Parse(settings).parseString(text).iterator();
    }

    /// The root mapping, or nothing after telling what is wrong with the file as YAML.
    static Optional<Yaml.Mapping> read(String file, byte[] bytes, Reading reading) {
        var text = decode(file, bytes, reading);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return new YamlFile(file, text.get(), reading).document();
        } catch (NotReadable stopped) {
            reading.fault(stopped.place, stopped.said);
        } catch (ReaderException unprintable) {
            reading.fault(
                    positionOf(file, text.get(), unprintable.getPosition()),
                    "not YAML: the character U+%04X may not stand in a file"
                            .formatted(unprintable.getCodePoint()));
        } catch (MarkedYamlEngineException syntax) {
            reading.fault(
                    syntax.getProblemMark()
                            .map(mark -> placeOf(Place.startOf(file), mark))
                            .orElse(Place.startOf(file)),
                    "not YAML: " + discreet(syntax));
        } catch (YamlEngineException _) {
            reading.fault(Place.startOf(file), "not YAML, and the parser cannot say where");
        }
        return Optional.empty();
    }

    private Optional<Yaml.Mapping> document() {
        var root = Place.startOf(file);
        var event = events.next();
        while (event instanceof StreamStartEvent || event instanceof DocumentStartEvent) {
            event = events.next();
        }
        if (event instanceof StreamEndEvent) {
            reading.fault(root, "the file is empty; expected a mapping of sections");
            return Optional.empty();
        }
        var value = value(event, root, 0);
        while (events.hasNext()) {
            if (events.next() instanceof DocumentStartEvent second) {
                reading.fault(
                        place(root, second),
                        "a second document; one file is one document: give each its own file and"
                                + " --policy-config");
                return Optional.empty();
            }
        }
        if (value instanceof Yaml.Mapping mapping) {
            return Optional.of(mapping);
        }
        reading.fault(
                value.place(), "expected a mapping of sections at the top, got " + value.kind());
        return Optional.empty();
    }

    /// {@code path} is the place whose path the value has.
    private Yaml value(Event event, Place path, int depth) {
        var place = place(path, event);
        if (depth > MAX_DEPTH) {
            throw new NotReadable(place, "nested deeper than " + MAX_DEPTH + " levels");
        }
        if (++values > MAX_VALUES) {
            throw tooMany(place);
        }
        int before = values - 1;
        var value =
                switch (event) {
                    case ScalarEvent scalar -> scalar(scalar, place);
                    case SequenceStartEvent start -> {
                        plainTag(start.getTag(), "tag:yaml.org,2002:seq", place);
                        yield sequence(place, depth);
                    }
                    case MappingStartEvent start -> {
                        plainTag(start.getTag(), "tag:yaml.org,2002:map", place);
                        yield mapping(place, depth);
                    }
                    case AliasEvent alias -> aliased(alias, place);
                    default -> throw new NotReadable(place, "not YAML: a value was expected");
                };
        if (event instanceof NodeEvent node && !(event instanceof AliasEvent)) {
            node.getAnchor()
                    .ifPresent(name -> anchors.put(name, new Anchored(value, values - before)));
        }
        return value;
    }

    private Yaml.Scalar scalar(ScalarEvent event, Place place) {
        if (event.getTag().isPresent()) {
            plainTag(event.getTag(), TEXT_TAG, place);
            return new Yaml.Scalar(place, event.getValue(), Yaml.Scalar.Type.TEXT);
        }
        var tag = SCHEMA.getScalarResolver().resolve(event.getValue(), event.isPlain());
        return new Yaml.Scalar(
                place, event.getValue(), TYPES.getOrDefault(tag, Yaml.Scalar.Type.TEXT));
    }

    private Yaml.Sequence sequence(Place place, int depth) {
        var items = new ArrayList<Yaml>();
        for (var event = events.next();
                !(event instanceof SequenceEndEvent);
                event = events.next()) {
            items.add(value(event, place.item(items.size()), depth + 1));
        }
        return new Yaml.Sequence(place, items);
    }

    private Yaml.Mapping mapping(Place place, int depth) {
        var entries = new HashMap<String, Yaml.Entry>();
        var inOrder = new ArrayList<Yaml.Entry>();
        for (var event = events.next();
                !(event instanceof MappingEndEvent);
                event = events.next()) {
            var key = value(event, place, depth + 1);
            if (!(key instanceof Yaml.Scalar name) || name.type() == Yaml.Scalar.Type.NOTHING) {
                reading.fault(key.place(), "expected the name of a key, got " + key.kind());
                value(events.next(), place, depth + 1);
                continue;
            }
            var named = name.place().key(name.text());
            var entry = new Yaml.Entry(named, name.text(), value(events.next(), named, depth + 1));
            var first = entries.putIfAbsent(name.text(), entry);
            if (first == null) {
                inOrder.add(entry);
            } else {
                reading.fault(
                        named,
                        "the key stands twice, first in line "
                                + first.place().line()
                                + "; keep one of them");
            }
        }
        return new Yaml.Mapping(place, inOrder);
    }

    private Yaml aliased(AliasEvent alias, Place place) {
        var target = anchors.get(alias.getAlias());
        if (target == null) {
            throw new NotReadable(
                    place, "an alias (*name) of an anchor (&name) that does not stand before it");
        }
        values += target.size;
        if (values > MAX_VALUES) {
            throw tooMany(place);
        }
        return target.value;
    }

    private static void plainTag(Optional<String> tag, String allowed, Place place) {
        if (tag.isPresent() && !tag.get().equals(allowed)) {
            throw new NotReadable(place, "tags (!name) are not used here; write the value alone");
        }
    }

    private static NotReadable tooMany(Place place) {
        return new NotReadable(
                place, "more than " + MAX_VALUES + " values, those behind aliases counted again");
    }

    private static Place place(Place path, Event event) {
        return event.getStartMark().map(mark -> placeOf(path, mark)).orElse(path);
    }

    private static Place placeOf(Place path, Mark mark) {
        return path.at(mark.getLine() + 1, mark.getColumn() + 1);
    }

    /// The parser's own sentence, unless a word of it could be a piece of a secret.
    private static String discreet(MarkedYamlEngineException syntax) {
        var context = syntax.getContext() == null ? "" : syntax.getContext() + ", ";
        var sentence = context + syntax.getProblem();
        return Discretion.looksSecret(sentence)
                ? "the parser stopped here"
                : sentence.replaceAll("[^\\x20-\\x7e]", "?");
    }

    private static Optional<String> decode(String file, byte[] bytes, Reading reading) {
        var in = ByteBuffer.wrap(bytes);
        var out = CharBuffer.allocate(bytes.length + 1);
        var result =
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT)
                        .decode(in, out, true);
        out.flip();
        var text = out.toString();
        if (result.isError()) {
            reading.fault(
                    positionOf(file, text, text.codePointCount(0, text.length())),
                    "not UTF-8: the byte 0x%02X does not belong here; save the file as UTF-8"
                            .formatted(bytes[in.position()]));
            return Optional.empty();
        }
        return Optional.of(text.startsWith("\uFEFF") ? text.substring(1) : text);
    }

    private static Place positionOf(String file, String text, int codePoints) {
        var before = text.codePoints().limit(codePoints).toArray();
        int line = 1;
        int column = 1;
        for (int codePoint : before) {
            column = codePoint == '\n' ? 1 : column + 1;
            line += codePoint == '\n' ? 1 : 0;
        }
        return new Place(file, line, column, "");
    }

    private record Anchored(Yaml value, int size) {}

    /// Ends the reading of one file.
    private static final class NotReadable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient Place place;
        private final String said;

        NotReadable(Place place, String said) {
            super(said, null, false, false);
            this.place = place;
            this.said = said;
        }
    }
}
