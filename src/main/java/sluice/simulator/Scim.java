package sluice.simulator;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// What a workspace says of whoever asks (facts: databricks, 5).
final class Scim {
    private Scim() {}

    static Map<String, @Nullable Object> me(String userName, List<String> groups) {
        return Json.object(
                "schemas",
                List.of("urn:ietf:params:scim:schemas:core:2.0:User"),
                "id",
                Integer.toString(Math.abs(userName.hashCode() % 1_000_000)),
                "userName",
                userName,
                "displayName",
                userName,
                "active",
                true,
                "emails",
                List.of(Json.object("type", "work", "value", userName, "primary", true)),
                "groups",
                IntStream.range(0, groups.size())
                        .mapToObj(i ->
                                Json.object(
                                        "display",
                                        groups.get(i),
                                        "type",
                                        "direct",
                                        "value",
                                        Integer.toString(i),
                                        "$ref",
                                        "Groups/" + i))
                        .toList());
    }
}
