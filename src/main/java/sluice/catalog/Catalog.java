package sluice.catalog;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import sluice.call.Failure;
import sluice.call.Meaning;
import sluice.call.ModelName;
import sluice.call.Reach;
import sluice.call.VirtualName;

/// What every name means (design section 4): a virtual model, a target's model under {@code target/model}, under {@code
/// provider/model} when exactly one target of the provider serves it, and bare when exactly one target lists it.
/// Immutable; discovery makes a new one.
public final class Catalog {
    private static final int NEAREST = 3;
    private static final int MAX_COMPARED = 300;
    private static final String CLAUDE = "claude";

    private final Map<String, VirtualName> virtual;
    private final Map<String, TargetModels> targets;
    private final List<ModelName> models;
    private final Map<String, ModelName> meanings = new HashMap<>();
    private final Set<String> ambiguous = new HashSet<>();

    private Catalog(
            List<VirtualName> virtual, Map<String, TargetModels> targets, List<ModelName> models) {
        this.virtual = virtual.stream().collect(Collectors.toMap(VirtualName::text, name -> name));
        this.targets = Map.copyOf(targets);
        this.models = List.copyOf(models);
    }

    /// @param virtual the virtual models, each name once
    public static Catalog of(List<TargetModels> served, List<VirtualName> virtual) {
        var targets = new LinkedHashMap<String, TargetModels>();
        var models = new ArrayList<ModelName>();
        for (var target : served) {
            targets.put(target.target(), target);
            target.models().forEach(model -> models.add(new ModelName(target.target(), model)));
        }
        var catalog = new Catalog(virtual, targets, models);
        catalog.name(ModelName::toString);
        catalog.name(name -> catalog.withProvider(name));
        catalog.name(catalog::bare);
        return catalog;
    }

    /// A target's id comes before a provider's name that is the same word.
    private @Nullable String withProvider(ModelName name) {
        var target = targets.get(name.target());
        return target == null || targets.containsKey(target.provider())
                ? null
                : target.provider() + "/" + name.model();
    }

    /// A model whose own name begins like a target or a provider is not meant by that name: the name is a place.
    private @Nullable String bare(ModelName name) {
        int slash = name.model().indexOf('/');
        var place = slash < 0 ? "" : name.model().substring(0, slash);
        boolean isPlace =
                targets.containsKey(place)
                        || targets.values().stream()
                                .anyMatch(target -> target.provider().equals(place));
        return isPlace ? null : name.model();
    }

    /// Gives every model one more name, where an earlier kind of name has not taken it. A name with two meanings has
    /// none.
    private void name(Function<ModelName, @Nullable String> kind) {
        var named = new HashMap<String, Set<ModelName>>();
        for (var model : models) {
            var name = kind.apply(model);
            if (name != null && !meanings.containsKey(name) && !ambiguous.contains(name)) {
                named.computeIfAbsent(name, _ -> new HashSet<>()).add(model);
            }
        }
        named.forEach((name, meant) -> {
            if (meant.size() == 1) {
                meanings.put(name, meant.iterator().next());
            } else {
                ambiguous.add(name);
            }
        });
    }

    /// @param asked as the caller wrote it
    /// @throws sluice.call.CallFailed with {@code Failure.UnknownModel}, which names the nearest that the caller may use
    public Meaning resolve(String asked, Reach caller) {
        var name = virtual.get(asked);
        return name != null ? name : located(asked, caller);
    }

    private ModelName located(String asked, Reach caller) {
        var known = meanings.get(asked);
        if (known != null) {
            return known;
        }
        var unlisted = unlisted(asked);
        if (unlisted != null) {
            return unlisted;
        }
        var claude = claude(asked, caller);
        if (claude != null) {
            return claude;
        }
        throw new Failure.UnknownModel(shown(asked), nearest(asked, caller)).asException();
    }

    /// A target that takes any name is believed to serve what it does not list; only its first slash splits.
    private @Nullable ModelName unlisted(String asked) {
        int slash = asked.indexOf('/');
        if (slash <= 0 || slash == asked.length() - 1 || ambiguous.contains(asked)) {
            return null;
        }
        var place = asked.substring(0, slash);
        var model = asked.substring(slash + 1);
        var target = targets.get(place);
        if (target != null) {
            return target.open() ? new ModelName(place, model) : null;
        }
        var open =
                targets.values().stream()
                        .filter(candidate -> candidate.provider().equals(place) && candidate.open())
                        .toList();
        return open.size() == 1 ? new ModelName(open.getFirst().target(), model) : null;
    }

    /// The short names of the Claude models that the caller may use, from {@code claude} on: some agents look at names
    /// that begin so and at no others (facts/mcp.md, model discovery). Every one of them can be asked for.
    public List<String> claudes(Reach caller) {
        return models.stream()
                .filter(caller::permits)
                .map(name -> shortClaude(name.model()))
                .flatMap(Optional::stream)
                .distinct()
                .filter(name -> isMeantFor(name, caller))
                .sorted()
                .toList();
    }

    private boolean isMeantFor(String name, Reach caller) {
        if (virtual.containsKey(name)) {
            return false; // it is in the list under that very name
        }
        var meant = meanings.get(name);
        return meant == null ? claude(name, caller) != null : caller.permits(meant);
    }

    /// A workspace has the same model under an old and a new name: either is meant. Of two targets none is.
    private @Nullable ModelName claude(String asked, Reach caller) {
        if (!asked.startsWith(CLAUDE) || ambiguous.contains(asked)) {
            return null;
        }
        ModelName meant = null;
        for (var name : models) {
            if (shortClaude(name.model()).filter(asked::equals).isEmpty()
                    || !caller.permits(name)) {
                continue;
            }
            if (meant != null && !meant.target().equals(name.target())) {
                return null;
            }
            meant = meant == null || name.model().compareTo(meant.model()) < 0 ? name : meant;
        }
        return meant;
    }

    private static Optional<String> shortClaude(String model) {
        int at = model.indexOf(CLAUDE);
        boolean begins = at == 0 || (at > 0 && !Character.isLetterOrDigit(model.charAt(at - 1)));
        return begins ? Optional.of(model.substring(at)) : Optional.empty();
    }

    /// The virtual and the listed models that the caller may use, by name.
    public List<Meaning> visibleTo(Reach caller) {
        return Stream.<Meaning>concat(virtual.values().stream(), models.stream())
                .filter(caller::permits)
                .sorted(Comparator.comparing(Meaning::text))
                .toList();
    }

    private List<String> nearest(String asked, Reach caller) {
        int slash = asked.indexOf('/');
        var bare = shown(slash < 0 ? asked : asked.substring(slash + 1));
        return Stream.<Meaning>concat(virtual.values().stream(), models.stream())
                .filter(caller::permits)
                .filter(name -> isOfLikeLength(own(name), bare, asked))
                .limit(MAX_COMPARED)
                .map(name -> new Distance(name.text(), distance(shown(asked), bare, own(name))))
                .sorted(Comparator.comparingInt(Distance::edits).thenComparing(Distance::name))
                .filter(candidate -> candidate.edits() <= Math.max(3, bare.length() / 2))
                .limit(NEAREST)
                .map(Distance::name)
                .toList();
    }

    private static String own(Meaning name) {
        return name instanceof ModelName located ? located.model() : name.text();
    }

    private static boolean isOfLikeLength(String model, String bare, String asked) {
        int apart =
                Math.min(
                        Math.abs(model.length() - bare.length()),
                        Math.abs(model.length() - asked.length()));
        return apart <= Math.max(3, bare.length() / 2);
    }

    private record Distance(String name, int edits) {}

    /// What stands before the slash may be a target or a part of the model's own name.
    private static int distance(String asked, String bare, String own) {
        return Math.min(between(asked, own), between(bare, own));
    }

    /// Levenshtein's, over at most the first hundred characters.
    private static int between(String a, String b) {
        int width = Math.min(b.length(), 100);
        int height = Math.min(a.length(), 100);
        var above = Stream.iterate(0, i -> i + 1).limit(width + 1L).mapToInt(i -> i).toArray();
        for (int i = 1; i <= height; i++) {
            var row = new int[width + 1];
            row[0] = i;
            for (int j = 1; j <= width; j++) {
                int replaced = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(above[j], row[j - 1]) + 1);
            }
            above = row;
        }
        return above[width];
    }

    /// What is echoed is cut and kept printable.
    private static String shown(String asked) {
        var cut = asked.length() > 100 ? asked.substring(0, 100) + "..." : asked;
        return cut.replaceAll("[^\\x20-\\x7e]", "?");
    }
}
