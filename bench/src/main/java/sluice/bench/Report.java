package sluice.bench;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// Everything that was seen, and how it stands against the targets.
final class Report {
    record Row(String name, Rounds rounds) {}

    private final String machine;
    private final Map<String, List<Row>> parts = new LinkedHashMap<>();
    private final Map<Target, Double> judged = new EnumMap<>(Target.class);
    private final Map<Target, Double> beside = new EnumMap<>(Target.class);
    private final List<String> notes = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();

    Report(String machine) {
        this.machine = machine;
    }

    void row(String part, String name, Rounds rounds) {
        parts.computeIfAbsent(part, _ -> new ArrayList<>()).add(new Row(name, rounds));
    }

    /// Where a target covers several settings, the worst of them stands.
    void judge(Target target, double measured) {
        if (!Double.isNaN(measured)) {
            judged.merge(target, measured, Math::max);
        }
    }

    /// A target in units of its own; what nginx showed stands beside it.
    void judge(Target target, Rounds rounds, Metric metric) {
        judge(target, rounds.median(metric, Gateway.NAME));
        beside.put(target, rounds.median(metric, Nginx.NAME));
    }

    void note(String note) {
        notes.add(note);
    }

    void failed(String part, String why) {
        failures.add(part + ": " + why);
    }

    boolean complete() {
        return failures.isEmpty();
    }

    String markdown() {
        var text = new StringBuilder();
        text.append(machine).append("\n\n");
        failures.forEach(
                failure -> text.append("**Not measured**, ").append(failure).append("\n\n"));
        text.append("| target | sluice | nginx | at least / aim | |\n|---|---:|---:|---:|---|\n");
        for (var target : Target.values()) {
            var measured = judged.getOrDefault(target, Double.NaN);
            text.append(
                    "| %s | %s | %s | %s | %s |\n"
                            .formatted(
                                    target.what,
                                    shown(measured),
                                    shown(beside.getOrDefault(target, Double.NaN)),
                                    target.bounds(),
                                    target.verdict(measured)));
        }
        parts.forEach((part, rows) -> table(text, part, rows));
        text.append('\n');
        notes.forEach(note -> text.append("- ").append(note).append('\n'));
        return text.toString();
    }

    Json json() {
        var document = new Json().put("machine", machine).put("failures", failures);
        var targets = document.array("targets");
        for (var target : Target.values()) {
            var measured = judged.getOrDefault(target, Double.NaN);
            targets.object()
                    .put("what", target.what)
                    .put("unit", target.unit)
                    .put("measured", measured)
                    .put("nginx", beside.getOrDefault(target, Double.NaN))
                    .put("at_least", target.atLeast)
                    .put("aim", target.aim)
                    .put("verdict", target.verdict(measured));
        }
        var rows = document.put("notes", notes).array("rows");
        parts.forEach((part, all) -> all.forEach(row -> rowJson(part, row, rows)));
        return document;
    }

    private static void rowJson(String part, Row row, Json.Items rows) {
        for (var metric : row.rounds().metrics()) {
            var object =
                    rows.object()
                            .put("part", part)
                            .put("setting", row.name())
                            .put("metric", metric.title)
                            .put("unit", metric.unit)
                            .put("ratio", row.rounds().ratio(metric));
            for (var subject : row.rounds().subjects(metric)) {
                object.put(subject, row.rounds().median(metric, subject));
                object.put(subject + "_rounds", row.rounds().values(metric, subject));
            }
        }
    }

    private static void table(StringBuilder text, String part, List<Row> rows) {
        var metrics =
                rows.stream().flatMap(row -> row.rounds().metrics().stream()).distinct().toList();
        text.append("\n| ").append(part);
        metrics.forEach(metric -> text.append(" | %s, %s".formatted(metric.title, metric.unit)));
        text.append(" |\n|---").append("|---:".repeat(metrics.size())).append("|\n");
        for (var row : rows) {
            text.append("| ").append(row.name());
            metrics.forEach(metric -> text.append(" | ").append(cell(row.rounds(), metric)));
            text.append(" |\n");
        }
    }

    /// `nginx / sluice (ratio)`, or the one value there is.
    private static String cell(Rounds rounds, Metric metric) {
        var values =
                rounds.subjects(metric).stream()
                        .map(subject -> shown(rounds.median(metric, subject)))
                        .collect(Collectors.joining(" / "));
        var ratio = rounds.ratio(metric);
        return Double.isNaN(ratio) ? values : "%s (%.2fx)".formatted(values, ratio);
    }

    private static String shown(double value) {
        if (Double.isNaN(value)) {
            return "-";
        }
        var digits = value == Math.rint(value) || Math.abs(value) >= 100 ? 0 : value < 10 ? 2 : 1;
        return String.format(Locale.ROOT, "%,." + digits + "f", value);
    }
}
