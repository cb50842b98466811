package sluice.bench.store;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import sluice.store.SpendBatch;
import sluice.store.Spender;
import sluice.store.Spent;

/// Thirty days of calls, drawn by chance: few keys call often and most call seldom, each team has its favourites among
/// the models, and each model is at four targets.
final class Month {
    static final LocalDate FIRST = LocalDate.of(2026, 11, 1);
    static final int DAYS = 30;
    static final int KEYS = 2_000;
    static final int TEAMS = 50;
    static final int CUSTOMERS = 20;
    static final int USERS = 800;
    static final int MODELS = 12;
    static final int TARGETS = 4;

    private final Random chance = new Random(7);
    private final double[] keys = falling(KEYS, 20);
    private final double[] models = falling(MODELS, 1);
    private final double[] targets = falling(TARGETS, 1);

    static LocalDate last() {
        return FIRST.plusDays(DAYS - 1L);
    }

    /// The calls of one day as a booking.
    SpendBatch day(int day, int calls) {
        var counts = new int[KEYS * MODELS * TARGETS];
        for (var at = 0; at < calls; at++) {
            var key = draw(keys);
            var model = (draw(models) + team(key)) % MODELS;
            counts[(key * MODELS + model) * TARGETS + draw(targets)]++;
        }
        Map<Spender, Spent> spent = new HashMap<>();
        for (var at = 0; at < counts.length; at++) {
            if (counts[at] > 0) {
                spent.put(spender(day, at), spent(counts[at]));
            }
        }
        return new SpendBatch(spent, List.of());
    }

    private static Spender spender(int day, int code) {
        var key = code / TARGETS / MODELS;
        return new Spender(
                FIRST.toEpochDay() + day,
                "key-" + key,
                "team-" + team(key),
                "customer-" + team(key) % CUSTOMERS,
                "user-" + key % USERS,
                "databricks-model-" + code / TARGETS % MODELS,
                "workspace-" + code % TARGETS);
    }

    static int team(int key) {
        return key * 31 % TEAMS;
    }

    private static Spent spent(int calls) {
        return new Spent(
                calls,
                calls * 1_900L,
                calls * 700L,
                calls * 310L,
                calls * 9_300_000L,
                calls / 90,
                0);
    }

    /// The n-th is drawn as often as 1 / (n + soft) says, added up for a binary search.
    private static double[] falling(int count, int soft) {
        var sums = new double[count];
        var sum = 0.0;
        for (var at = 0; at < count; at++) {
            sum += 1.0 / (at + soft);
            sums[at] = sum;
        }
        return sums;
    }

    private int draw(double[] sums) {
        var wanted = chance.nextDouble() * sums[sums.length - 1];
        var low = 0;
        var high = sums.length - 1;
        while (low < high) {
            var middle = (low + high) >>> 1;
            if (sums[middle] < wanted) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
