package sluice.upstream.databricks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.upstream.databricks.DeclaredModel.Capabilities;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What hosted models can do, for workspaces that do not tell: a dated table shipped with the product
/// (facts/databricks.md sections 3.5 and 10). Later rules hold where earlier ones said something else.
final class ModelCapabilities {
    private static final String FILE = "/sluice/upstream/databricks/model-capabilities.json";
    private static final ModelCapabilities BUILT_IN = load();

    private final List<Rule> rules;

    private record Rule(Globs models, Capabilities can) {}

    private ModelCapabilities(List<Rule> rules) {
        this.rules = rules;
    }

    static ModelCapabilities builtIn() {
        return BUILT_IN;
    }

    Capabilities of(String name, @Nullable String underlying) {
        var names = underlying == null ? List.of(name) : List.of(name, underlying);
        var found = Capabilities.UNKNOWN;
        for (var rule : rules) {
            if (rule.models().match(names)) {
                found = rule.can().or(found);
            }
        }
        return found;
    }

    private static ModelCapabilities load() {
        try (var file = ModelCapabilities.class.getResourceAsStream(FILE)) {
            if (file == null) {
                throw new IllegalStateException("the product lacks its file " + FILE);
            }
            var rules = new ArrayList<Rule>();
            for (var rule : new JsonMapper().readTree(file.readAllBytes()).path("rules")) {
                var models = rule.path("models").valueStream().map(JsonNode::stringValue).toList();
                rules.add(new Rule(Globs.of(models), capabilities(rule)));
            }
            return new ModelCapabilities(List.copyOf(rules));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Capabilities capabilities(JsonNode rule) {
        return new Capabilities(
                truth(rule.path("vision")),
                truth(rule.path("function_calling")),
                truth(rule.path("parallel_function_calling")));
    }

    private static @Nullable Boolean truth(JsonNode node) {
        return node.isBoolean() ? Boolean.valueOf(node.booleanValue()) : null;
    }
}
