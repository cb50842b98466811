package sluice.ledger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a journal says, for tests that look at what dead processes left. A journal forgets what is booked, so it is read
/// time and again, and what was read is kept.
public final class JournalReading {
    private final Map<Long, JournalRecord.Held> held = new LinkedHashMap<>();
    private final Map<Long, TreeMap<Long, JournalRecord.Settled>> settled = new LinkedHashMap<>();

    /// @param settlements how often it was settled
    /// @param outlays of the first settlement
    /// @param accounts what that booked on each account
    public record Call(
            Commitment commitment, int settlements, List<Outlay> outlays, List<Amount> accounts) {
        public long nanoDollars() {
            return outlays.stream().mapToLong(Outlay::nanoDollars).sum();
        }

        public boolean isEstimated() {
            return outlays.stream().anyMatch(Outlay::estimated);
        }
    }

    public record Amount(String account, long amount) {}

    /// Reads everything in the segments of a directory.
    public void read(Path directory) {
        try (var files = Files.newDirectoryStream(directory, "spend-*.journal")) {
            for (var file : files) {
                var name = String.valueOf(file.getFileName());
                var number = name.substring("spend-".length(), name.indexOf(".journal"));
                read(JournalSegment.open(file, Long.parseLong(number)));
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void read(JournalSegment segment) {
        int at = segment.begin();
        while (at < JournalSegment.BYTES) {
            var bytes = segment.read(at);
            if (bytes.length == 0) {
                at = segment.behindHole(at);
                continue;
            }
            long place = segment.position(at);
            switch (JournalRecord.read(bytes)) {
                case JournalRecord.Held record -> held.put(place, record);
                case JournalRecord.Settled record ->
                        settled.computeIfAbsent(record.held(), _ -> new TreeMap<>())
                                .put(place, record);
            }
            at = segment.after(at, bytes);
        }
    }

    public List<Call> calls() {
        var calls = new ArrayList<Call>();
        held.forEach((place, record) ->
                calls.add(call(record, settled.getOrDefault(place, new TreeMap<>()))));
        return calls;
    }

    private static Call call(
            JournalRecord.Held held, SortedMap<Long, JournalRecord.Settled> settlements) {
        if (settlements.isEmpty()) {
            return new Call(held.commitment(), 0, List.of(), List.of());
        }
        var first = settlements.sequencedValues().getFirst();
        var accounts = new ArrayList<Amount>();
        for (int i = 0; i < held.shares().size(); i++) {
            accounts.add(new Amount(held.shares().get(i).account(), first.amounts().get(i)));
        }
        return new Call(held.commitment(), settlements.size(), first.outlays(), accounts);
    }
}
