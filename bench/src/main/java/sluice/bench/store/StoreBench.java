package sluice.bench.store;

import static sluice.store.SpendQuery.Dimension.CUSTOMER;
import static sluice.store.SpendQuery.Dimension.DAY;
import static sluice.store.SpendQuery.Dimension.KEY;
import static sluice.store.SpendQuery.Dimension.MODEL;
import static sluice.store.SpendQuery.Dimension.TARGET;
import static sluice.store.SpendQuery.Dimension.TEAM;
import static sluice.store.SpendQuery.Dimension.USER;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import sluice.store.SpendBatch;
import sluice.store.SpendQuery;
import sluice.store.SpendQuery.Dimension;
import sluice.store.SpendRow;
import sluice.store.Store;
import sluice.store.Stores;

/// `bench/store [CALLS [KEYS]]`, ten million and one million when not given.
public final class StoreBench {
    private static final int ROUNDS = 7;
    private static final String OPEN = "--open";

    private StoreBench() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length > 0 && arguments[0].equals(OPEN)) {
            open(Path.of(arguments[1]));
            return;
        }
        var calls = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10_000_000;
        var keys = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1_000_000;
        var folder = Files.createTempDirectory("sluice-bench-store-");
        try {
            System.out.println("| SQLite | median, ms | worst, ms | rows |");
            System.out.println("|---|---:|---:|---:|");
            measureStart(folder);
            measureSpend(folder.resolve("spend.db"), calls);
            measureKeys(folder.resolve("keys.db"), keys);
        } finally {
            delete(folder);
        }
    }

    /// In a JVM of its own, where no class of a driver was loaded before; the log is up, as it is in a gateway.
    private static void open(Path file) {
        org.slf4j.LoggerFactory.getLogger(StoreBench.class).debug("up");
        var begin = System.nanoTime();
        var store = Stores.sqlite(file);
        System.out.println((System.nanoTime() - begin) / 1e6);
        store.close();
    }

    private static void measureStart(Path folder) throws IOException {
        var fresh = new ArrayList<Double>();
        var warm = new ArrayList<Double>();
        for (var round = 0; round < ROUNDS; round++) {
            var file = folder.resolve("start-" + round + ".db");
            fresh.add(openElsewhere(file));
            warm.add(openElsewhere(file));
        }
        row("open a new store, fresh JVM", fresh, 0);
        row("open it again, fresh JVM", warm, 0);
    }

    private static double openElsewhere(Path file) throws IOException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var command =
                List.of(
                        java,
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:+UseCompactObjectHeaders",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StoreBench.class.getName(),
                        OPEN,
                        file.toString());
        var child =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (var reader = child.inputReader()) {
            return Double.parseDouble(reader.readLine());
        }
    }

    private static void measureSpend(Path file, int calls) throws IOException {
        try (var store = Stores.sqlite(file)) {
            var month = new Month();
            var booked = new ArrayList<Double>();
            var rows = 0;
            for (var day = 0; day < Month.DAYS; day++) {
                var batch = month.day(day, calls / Month.DAYS);
                rows += batch.spent().size();
                var begin = System.nanoTime();
                store.book(batch, "node", day + 1L);
                booked.add((System.nanoTime() - begin) / 1e6);
            }
            row("book a whole day at once", booked, rows / Month.DAYS);
            measureBooking(store);
            ask(store, "nothing", List.of(), Map.of());
            ask(store, "day", List.of(DAY), Map.of());
            ask(store, "team", List.of(TEAM), Map.of());
            ask(store, "model", List.of(MODEL), Map.of());
            ask(store, "key", List.of(KEY), Map.of());
            ask(store, "user", List.of(USER), Map.of());
            ask(store, "customer", List.of(CUSTOMER), Map.of());
            ask(store, "team and model", List.of(TEAM, MODEL), Map.of());
            ask(store, "team and day", List.of(TEAM, DAY), Map.of());
            ask(store, "key and day", List.of(KEY, DAY), Map.of());
            ask(store, "customer and model", List.of(CUSTOMER, MODEL), Map.of());
            ask(store, "user and model", List.of(USER, MODEL), Map.of());
            ask(store, "team and model, of one team", List.of(TEAM, MODEL), Map.of(TEAM, "team-7"));
            ask(store, "key, of one team", List.of(KEY), Map.of(TEAM, "team-7"));
            ask(store, "model, of one key", List.of(MODEL), Map.of(KEY, "key-7"));
            ask(store, "key and model, of one team", List.of(KEY, MODEL), Map.of(TEAM, "team-7"));
            ask(store, "key and model", List.of(KEY, MODEL), Map.of());
            ask(store, "user and target", List.of(USER, TARGET), Map.of());
            ask(store, "everything but the day", everythingButTheDay(), Map.of());
        }
        System.out.printf(
                "| the file with %,d calls, MB |  |  | %,d |%n", calls, Files.size(file) >> 20);
    }

    private static List<Dimension> everythingButTheDay() {
        return List.of(KEY, TEAM, CUSTOMER, USER, MODEL, TARGET);
    }

    /// What a second of a busy gateway leaves: a hundred combinations.
    private static void measureBooking(Store store) {
        var times = new ArrayList<Double>();
        var spent = new Month().day(Month.DAYS + 3, 110).spent();
        for (var round = 0; round < 100; round++) {
            var begin = System.nanoTime();
            store.book(new SpendBatch(spent, List.of()), "other", round + 1L);
            times.add((System.nanoTime() - begin) / 1e6);
        }
        row("book a second's calls", times, spent.size());
    }

    private static void ask(
            Store store, String name, List<Dimension> by, Map<Dimension, String> where) {
        var query = new SpendQuery(Month.FIRST, Month.last(), by, where);
        var times = new ArrayList<Double>();
        List<SpendRow> rows = List.of();
        for (var round = 0; round < ROUNDS; round++) {
            var begin = System.nanoTime();
            rows = store.spend(query);
            times.add((System.nanoTime() - begin) / 1e6);
        }
        row("spend by " + name, times, rows.size());
    }

    private static void measureKeys(Path file, int count) throws SQLException {
        try (var store = Stores.sqlite(file)) {
            ManyKeys.fill(file, count);
            var times = new ArrayList<Double>();
            for (var round = 0; round < 3; round++) {
                var seen = new AtomicLong();
                var begin = System.nanoTime();
                store.keys(_ -> seen.incrementAndGet());
                times.add((System.nanoTime() - begin) / 1e6);
                if (seen.get() != count) {
                    throw new IllegalStateException(seen + " keys came of " + count);
                }
            }
            row("read every key", times, count);
        }
    }

    private static void row(String name, List<Double> millis, int rows) {
        var sorted = millis.stream().sorted().toList();
        System.out.printf(
                "| %s | %,.1f | %,.1f | %,d |%n",
                name, sorted.get(sorted.size() / 2), sorted.getLast(), rows);
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
