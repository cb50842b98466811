package sluice.upstream.databricks;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import sluice.call.Bytes;
import sluice.call.Dialect;
import sluice.json.Fields;
import sluice.json.Governed;
import sluice.json.Limits;
import sluice.json.NotJson;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One rule of the table of request fields.
record FieldRule(
        Dialect dialect,
        Set<Surface> surfaces,
        Globs models,
        List<String> only,
        List<String> allow,
        List<String> refuse,
        Map<String, String> rename) {
    private static final int MAX_RULES = 1_000;
    private static final int MAX_TEXTS = 1_000;
    private static final Limits LIMITS = new Limits(16, 1 << 20, 100);
    private static final Set<String> KEYS =
            Set.of("why", "dialect", "surfaces", "models", "only", "allow", "refuse", "rename");
    private static final Pattern PATH =
            Pattern.compile("[A-Za-z0-9_-]{1,64}(\\[])?(\\.[A-Za-z0-9_-]{1,64}(\\[])?){0,7}");

    record Table(String dated, List<FieldRule> rules) {}

    boolean holdsFor(Surface surface, Dialect asked, List<String> names) {
        return dialect == asked && surfaces.contains(surface) && models.match(names);
    }

    static Table read(Bytes file) throws NotJson {
        var fields = Fields.scan(file, Governed.of("dated", "rules"), LIMITS);
        var dated = fields.find("dated");
        var rules = fields.find("rules");
        if (dated == null || rules == null) {
            throw NotJson.field(dated == null ? "dated" : "rules", "is missing");
        }
        var elements = rules.elements();
        if (elements.size() > MAX_RULES) {
            throw NotJson.field("rules", "has more than " + MAX_RULES + " rules");
        }
        var read = new ArrayList<FieldRule>();
        for (var element : elements) {
            read.add(rule(element, "rules[" + read.size() + "]"));
        }
        return new Table(dated.string(), List.copyOf(read));
    }

    private static FieldRule rule(Bytes element, String place) throws NotJson {
        JsonNode rule;
        try {
            rule = new JsonMapper().readTree(element.array(), element.from(), element.length());
        } catch (JacksonException not) {
            throw NotJson.field(place, "cannot be read");
        }
        for (var key : rule.propertyNames()) {
            if (!KEYS.contains(key)) {
                throw NotJson.field(
                        place + "." + key,
                        "is not known; a rule has why, dialect, surfaces, models, only, allow,"
                                + " refuse, rename");
            }
        }
        var models = texts(rule.path("models"), place + ".models");
        if (models.isEmpty()) {
            throw NotJson.field(place + ".models", "is missing; name some, or \"*\"");
        }
        return new FieldRule(
                dialect(rule.path("dialect"), place + ".dialect"),
                surfaces(rule.path("surfaces"), place + ".surfaces"),
                Globs.of(models),
                paths(rule.path("only"), place + ".only", false),
                paths(rule.path("allow"), place + ".allow", false),
                paths(rule.path("refuse"), place + ".refuse", true),
                rename(rule.path("rename"), place + ".rename"));
    }

    private static Dialect dialect(JsonNode node, String place) throws NotJson {
        for (var dialect : Dialect.values()) {
            if (dialect.token().equals(node.asString(""))) {
                return dialect;
            }
        }
        throw NotJson.field(place, "must be a dialect, such as chat or messages");
    }

    private static Set<Surface> surfaces(JsonNode node, String place) throws NotJson {
        var surfaces = EnumSet.noneOf(Surface.class);
        for (var text : texts(node, place)) {
            try {
                surfaces.add(Surface.valueOf(text.toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException neither) {
                throw NotJson.field(place, "holds serving and gateway only");
            }
        }
        return surfaces.isEmpty() ? EnumSet.allOf(Surface.class) : surfaces;
    }

    private static List<String> paths(JsonNode node, String place, boolean deep) throws NotJson {
        var paths = texts(node, place);
        for (var path : paths) {
            boolean isDeep = path.indexOf('.') >= 0 || path.indexOf('[') >= 0;
            if (!PATH.matcher(path).matches() || path.endsWith("]") || (isDeep && !deep)) {
                throw NotJson.field(
                        place,
                        deep
                                ? "holds paths such as seed or tools[].function.strict"
                                : "holds names of top-level fields");
            }
        }
        return paths;
    }

    private static Map<String, String> rename(JsonNode node, String place) throws NotJson {
        var names = new LinkedHashMap<String, String>();
        for (var entry : node.properties()) {
            if (!entry.getValue().isString() || names.size() == MAX_TEXTS) {
                throw NotJson.field(place, "holds names of top-level fields");
            }
            names.put(entry.getKey(), entry.getValue().stringValue());
        }
        return Map.copyOf(names);
    }

    private static List<String> texts(JsonNode node, String place) throws NotJson {
        if (node.isMissingNode()) {
            return List.of();
        }
        var texts = new ArrayList<String>();
        for (var element : node) {
            if (!element.isString() || texts.size() == MAX_TEXTS) {
                throw NotJson.field(place, "must be a list of texts");
            }
            texts.add(element.stringValue());
        }
        if (!node.isArray()) {
            throw NotJson.field(place, "must be a list of texts");
        }
        return List.copyOf(texts);
    }
}
