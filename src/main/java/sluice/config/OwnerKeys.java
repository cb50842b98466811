package sluice.config;

import java.util.ArrayList;
import java.util.List;

/// The keys by which a budget or a limit that stands apart says whose it is.
final class OwnerKeys {
    private static final Key<String> CUSTOMER = owner("customer");
    private static final Key<String> TEAM = owner("team");
    private static final Key<String> USER =
            Key.optional("user", UserSection.NAME, "the user whose it is");
    private static final Key<String> KEY = owner("key");
    private static final List<Key<String>> ALL = List.of(CUSTOMER, TEAM, USER, KEY);

    private OwnerKeys() {}

    private static Key<String> owner(String kind) {
        return Key.optional(
                kind, Text.ID, "the " + kind + " whose it is; the organisation's without an owner");
    }

    static List<Key<?>> with(Key<String> id, List<Key<?>> others) {
        var keys = new ArrayList<Key<?>>();
        keys.add(id);
        keys.addAll(ALL);
        keys.addAll(others);
        return keys;
    }

    static void check(Fields fields) {
        var given = ALL.stream().filter(fields::given).map(Key::name).toList();
        if (given.size() > 1) {
            fields.fault(fields.place(), "expected one owner, got " + String.join(" and ", given));
        }
    }

    static Owner owner(Fields fields) {
        if (fields.given(CUSTOMER)) {
            return new Owner(Owner.Kind.CUSTOMER, fields.the(CUSTOMER));
        }
        if (fields.given(TEAM)) {
            return new Owner(Owner.Kind.TEAM, fields.the(TEAM));
        }
        if (fields.given(USER)) {
            return new Owner(Owner.Kind.USER, fields.the(USER));
        }
        if (fields.given(KEY)) {
            return new Owner(Owner.Kind.KEY, fields.the(KEY));
        }
        return new Owner(Owner.Kind.ORGANISATION, "");
    }
}
