package sluice.admin;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;
import sluice.call.Money;
import sluice.store.SpendQuery;
import sluice.store.SpendQuery.Dimension;
import sluice.store.SpendRow;
import sluice.store.Spent;
import sluice.store.Store;

/// {@code GET /admin/v1/spend?by=team,day&since=7d}: what was spent, by whom and on what, as JSON or CSV. Amounts are exact
/// decimals.
final class SpendPage {
    private static final int USUAL_DAYS = 30;
    private static final int MOST_DAYS = 3_660;
    private static final List<String> AMOUNTS =
            List.of(
                    "calls",
                    "input_tokens",
                    "cached_tokens",
                    "output_tokens",
                    "cost_usd",
                    "estimated_calls",
                    "unpriced_calls");

    private SpendPage() {}

    static Answer print(Asked asked, Operator operator, Store store, Clock clock) {
        asked.knows(
                Set.of(
                        "by",
                        "since",
                        "until",
                        "format",
                        "key",
                        "team",
                        "customer",
                        "user",
                        "model",
                        "target"));
        var today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        var query = query(asked, operator, today);
        var rows = store.spend(query);
        return switch (asked.query().getOrDefault("format", "json")) {
            case "json" -> Answer.json(200, json(query, rows), null);
            case "csv" -> new Answer(200, "text/csv; charset=utf-8", csv(query, rows), null);
            default -> throw Asked.malformed("Expected json or csv.", "format");
        };
    }

    private static SpendQuery query(Asked asked, Operator operator, LocalDate today) {
        var by = new ArrayList<Dimension>();
        for (var name : asked.query().getOrDefault("by", "").split(",", -1)) {
            if (!name.isEmpty()) {
                var dimension = dimension(name);
                if (by.contains(dimension)) {
                    throw Asked.malformed("'" + name + "' stands there twice.", "by");
                }
                by.add(dimension);
            }
        }
        var where = new EnumMap<Dimension, String>(Dimension.class);
        for (var dimension : Dimension.values()) {
            var wanted = asked.query().get(token(dimension));
            if (wanted != null) {
                where.put(dimension, wanted);
            }
        }
        if (operator.team() != null) {
            where.put(Dimension.TEAM, operator.team());
        }
        var until = day(asked.query().get("until"), today, "until");
        var since = since(asked.query().get("since"), until);
        if (since.isAfter(until) || since.plusDays(MOST_DAYS).isBefore(until)) {
            throw Asked.malformed(
                    "Expected a first day that is not after the last, and at most "
                            + MOST_DAYS
                            + " days.",
                    "since");
        }
        return new SpendQuery(since, until, by, where);
    }

    private static Dimension dimension(String name) {
        for (var dimension : Dimension.values()) {
            if (token(dimension).equals(name)) {
                return dimension;
            }
        }
        throw Asked.malformed(
                "Expected some of day, key, team, customer, user, model and target, separated by commas.",
                "by");
    }

    private static String token(Dimension dimension) {
        return dimension.name().toLowerCase(Locale.ROOT);
    }

    private static LocalDate since(@Nullable String text, LocalDate until) {
        if (text == null) {
            return until.minusDays(USUAL_DAYS - 1L);
        }
        return text.matches("[0-9]{1,4}d")
                ? until.minusDays(
                        Math.max(0, Long.parseLong(text.substring(0, text.length() - 1)) - 1))
                : day(text, until, "since");
    }

    private static LocalDate day(@Nullable String text, LocalDate otherwise, String name) {
        if (text == null) {
            return otherwise;
        }
        try {
            var day = LocalDate.parse(text);
            if (day.getYear() >= 1970 && day.getYear() <= 9999) {
                return day;
            }
        } catch (DateTimeException none) {
            // told below
        }
        throw Asked.malformed(
                "Expected a day such as 2026-11-30"
                        + (name.equals("since") ? ", or how many days, such as 7d." : "."),
                name);
    }

    private static Bytes json(SpendQuery query, List<SpendRow> rows) {
        var page = ObjectPages.JSON.createObjectNode();
        page.put("since", query.since().toString());
        page.put("until", query.until().toString());
        var data = page.putArray("data");
        for (var row : rows) {
            var object = data.addObject();
            for (int i = 0; i < query.by().size(); i++) {
                object.put(token(query.by().get(i)), row.values().get(i));
            }
            var spent = row.spent();
            object.put("calls", spent.calls());
            object.put("input_tokens", spent.inputTokens());
            object.put("cached_tokens", spent.cachedTokens());
            object.put("output_tokens", spent.outputTokens());
            object.put("cost_usd", dollars(spent));
            object.put("estimated_calls", spent.estimated());
            object.put("unpriced_calls", spent.unpriced());
        }
        return ObjectPages.bytes(page);
    }

    private static BigDecimal dollars(Spent spent) {
        var exact = new Money(spent.nanoDollars()).dollars().stripTrailingZeros();
        return exact.scale() < 0 ? exact.setScale(0) : exact;
    }

    private static Bytes csv(SpendQuery query, List<SpendRow> rows) {
        var text = new StringBuilder();
        var heads = new ArrayList<>(query.by().stream().map(SpendPage::token).toList());
        heads.addAll(AMOUNTS);
        text.append(String.join(",", heads)).append("\r\n");
        for (var row : rows) {
            row.values().forEach(value -> text.append(quoted(value)).append(','));
            var spent = row.spent();
            text.append(spent.calls())
                    .append(',')
                    .append(spent.inputTokens())
                    .append(',')
                    .append(spent.cachedTokens())
                    .append(',')
                    .append(spent.outputTokens())
                    .append(',')
                    .append(dollars(spent).toPlainString())
                    .append(',')
                    .append(spent.estimated())
                    .append(',')
                    .append(spent.unpriced())
                    .append("\r\n");
        }
        return Bytes.utf8(text.toString());
    }

    /// As RFC 4180 has it; and what a table program would take for a formula is made a text.
    private static String quoted(String value) {
        boolean formula = !value.isEmpty() && "=+-@\t\r".indexOf(value.charAt(0)) >= 0;
        var plain = formula ? "'" + value : value;
        return plain.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
                ? "\"" + plain.replace("\"", "\"\"") + "\""
                : plain;
    }
}
