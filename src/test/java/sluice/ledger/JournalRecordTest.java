package sluice.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sluice.call.ModelName;

/// What is written is read, whatever it is called; what is none is never taken for a record.
class JournalRecordTest {
    private static final int SEEDS = 3_000;

    @Test
    void whatIsWrittenIsRead() {
        var text = new JournalText();
        for (long seed = 0; seed < SEEDS; seed++) {
            var random = new Random(seed);
            for (var record : List.of(held(random), settled(random))) {
                assertThat(JournalRecord.read(bytes(record, text)))
                        .as("seed " + seed)
                        .isEqualTo(record);
            }
        }
    }

    @Test
    void aCutRecordIsNoneAndNeitherIsALongerOne() {
        var text = new JournalText();
        for (long seed = 0; seed < 60; seed++) {
            var random = new Random(seed);
            for (var record : List.of(held(random), settled(random))) {
                var bytes = bytes(record, text);
                for (int length = 0; length < bytes.length; length++) {
                    assertThat(isRecord(Arrays.copyOf(bytes, length))).as("seed " + seed).isFalse();
                }
                assertThat(isRecord(Arrays.copyOf(bytes, bytes.length + 1))).isFalse();
            }
        }
    }

    /// The checksum keeps wrong ones away; what comes through must still be no surprise.
    @Test
    void flippedBytesAreARecordOrNoneAndNothingElse() {
        var text = new JournalText();
        for (long seed = 0; seed < SEEDS; seed++) {
            var random = new Random(seed);
            var bytes = bytes(random.nextBoolean() ? held(random) : settled(random), text);
            for (int i = 0; i < 8; i++) {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                isRecord(bytes);
            }
            random.nextBytes(bytes);
            isRecord(bytes);
        }
    }

    @Test
    void aNameOfAnyLengthIsCutAndNotRefused() {
        var endless = "x".repeat(100_000);
        var wide = "\u00e9\ud83d\ude00".repeat(50_000);
        var held =
                new JournalRecord.Held(
                        new Commitment(
                                endless,
                                1,
                                wide,
                                endless,
                                wide,
                                endless,
                                new ModelName("t", endless),
                                1,
                                2,
                                3,
                                false),
                        List.of(new JournalRecord.Share(wide, 5, 6)));
        var read = (JournalRecord.Held) JournalRecord.read(bytes(held, new JournalText()));
        assertThat(endless).startsWith(read.commitment().call());
        assertThat(read.commitment().call()).hasSize(JournalText.LONGEST_TEXT);
        assertThat(read.commitment().key()).startsWith("\u00e9\ud83d\ude00");
        assertThat(read.commitment().nanoDollars()).isEqualTo(3);
        assertThat(read.shares().getFirst().amount()).isEqualTo(6);
    }

    @Test
    void moreBudgetsThanAByteCountsAreKept() {
        var shares = new ArrayList<JournalRecord.Share>();
        for (int i = 0; i < 700; i++) {
            shares.add(new JournalRecord.Share("account-" + i, i, i));
        }
        var record = new JournalRecord.Held(held(new Random(1)).commitment(), shares);
        assertThat(JournalRecord.read(bytes(record, new JournalText()))).isEqualTo(record);
    }

    private static boolean isRecord(byte[] bytes) {
        try {
            JournalRecord.read(bytes);
            return true;
        } catch (IndexOutOfBoundsException documented) {
            return false;
        }
    }

    private static byte[] bytes(JournalRecord record, JournalText text) {
        switch (record) {
            case JournalRecord.Held held ->
                    JournalRecord.write(held.commitment(), new Listed(held.shares()), text);
            case JournalRecord.Settled settled ->
                    JournalRecord.write(
                            settled.held(),
                            settled.outlays(),
                            new Listed(
                                    settled.amounts().stream()
                                            .map(each -> new JournalRecord.Share("", 0, each))
                                            .toList()),
                            text);
        }
        return Arrays.copyOf(text.bytes(), text.length());
    }

    private static JournalRecord.Held held(Random random) {
        var shares = new ArrayList<JournalRecord.Share>();
        for (int left = random.nextInt(5); left > 0; left--) {
            shares.add(new JournalRecord.Share(name(random), random.nextLong(), random.nextLong()));
        }
        return new JournalRecord.Held(
                new Commitment(
                        name(random),
                        random.nextLong(),
                        name(random),
                        name(random),
                        name(random),
                        name(random),
                        model(random),
                        random.nextLong(),
                        random.nextLong(),
                        random.nextLong(),
                        random.nextBoolean()),
                shares);
    }

    private static JournalRecord.Settled settled(Random random) {
        var outlays = new ArrayList<Outlay>();
        for (int left = random.nextInt(4); left > 0; left--) {
            outlays.add(
                    new Outlay(
                            model(random),
                            random.nextLong(),
                            random.nextLong(),
                            random.nextLong(),
                            random.nextLong(),
                            random.nextBoolean(),
                            random.nextBoolean()));
        }
        return new JournalRecord.Settled(
                random.nextLong(), outlays, random.longs(random.nextInt(5)).boxed().toList());
    }

    private static ModelName model(Random random) {
        return new ModelName("target", "m" + name(random));
    }

    /// NUL, quotes, line ends, the largest characters, long and short; no half of a pair, which is no text anywhere.
    private static String name(Random random) {
        var name = new StringBuilder();
        int length = random.nextInt(8) == 0 ? random.nextInt(500) : random.nextInt(12);
        for (int i = 0; i < length; i++) {
            int c =
                    switch (random.nextInt(4)) {
                        case 0 -> random.nextInt(0x20);
                        case 1 -> 0x20 + random.nextInt(0x60);
                        case 2 -> 0xa0 + random.nextInt(0x500);
                        default -> 0x1f600 + random.nextInt(0x30);
                    };
            name.appendCodePoint(c);
        }
        return name.toString();
    }

    private record Listed(List<JournalRecord.Share> shares) implements Shares {
        @Override
        public int count() {
            return shares.size();
        }

        @Override
        public String account(int share) {
            return shares.get(share).account();
        }

        @Override
        public long period(int share) {
            return shares.get(share).period();
        }

        @Override
        public long held(int share) {
            return shares.get(share).amount();
        }

        @Override
        public long used(int share) {
            return shares.get(share).amount();
        }
    }
}
