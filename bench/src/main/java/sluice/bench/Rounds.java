package sluice.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What several short rounds of one setting showed, per metric and per subject.
///
/// Subjects take turns within a round, so a slow moment of the machine falls on both; the ratio is
/// therefore taken round by round, and its median is what counts.
final class Rounds {
    private final Map<Metric, Map<String, List<Double>>> seen = new LinkedHashMap<>();

    void add(Metric metric, String subject, double value) {
        seen.computeIfAbsent(metric, _ -> new LinkedHashMap<>())
                .computeIfAbsent(subject, _ -> new ArrayList<>())
                .add(value);
    }

    Set<Metric> metrics() {
        return seen.keySet();
    }

    Set<String> subjects(Metric metric) {
        return seen.getOrDefault(metric, Map.of()).keySet();
    }

    List<Double> values(Metric metric, String subject) {
        return seen.getOrDefault(metric, Map.of()).getOrDefault(subject, List.of());
    }

    double median(Metric metric, String subject) {
        return median(values(metric, subject));
    }

    /// The gateway to nginx.
    double ratio(Metric metric) {
        var ours = values(metric, Gateway.NAME);
        var theirs = values(metric, Nginx.NAME);
        var ratios = new ArrayList<Double>();
        for (var round = 0; round < Math.min(ours.size(), theirs.size()); round++) {
            if (ours.get(round) > 0 && theirs.get(round) > 0) {
                ratios.add(ours.get(round) / theirs.get(round));
            }
        }
        return median(ratios);
    }

    private static double median(Collection<Double> values) {
        var sorted = values.stream().sorted().toList();
        var middle = sorted.size() / 2;
        if (sorted.isEmpty()) {
            return Double.NaN;
        }
        return sorted.size() % 2 == 1
                ? sorted.get(middle)
                : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
