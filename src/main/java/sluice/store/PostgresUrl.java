package sluice.store;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.postgresql.PGProperty;

/// Where a PostgreSQL database is, as people write it: `postgresql://user:password@host:5432/database?sslmode=require`, as
/// PostgreSQL's own programs read it, or `jdbc:postgresql://host/database?user=...`, as Java's do. What is wrong is told
/// without a piece of the text that could belong to a password.
///
/// @param properties by the driver's names, the user and the password among them
record PostgresUrl(List<Server> servers, String database, Map<String, String> properties) {
    private static final String JDBC = "jdbc:postgresql:";
    private static final int USUAL_PORT = 5432;
    private static final String EXPECTED =
            "expected postgresql://user:password@host:5432/database or jdbc:postgresql://host:5432/database?user=...&password=...";
    private static final Pattern SCHEME = Pattern.compile("([A-Za-z:+.]{1,40}):.*", Pattern.DOTALL);
    private static final Pattern NAME = Pattern.compile("\\w{1,40}");

    /// What PostgreSQL's own programs call the driver's properties.
    private static final Map<String, String> PARAMETERS =
            Map.ofEntries(
                    Map.entry("user", "user"),
                    Map.entry("password", "password"),
                    Map.entry("sslmode", "sslmode"),
                    Map.entry("sslrootcert", "sslrootcert"),
                    Map.entry("sslcert", "sslcert"),
                    Map.entry("sslkey", "sslkey"),
                    Map.entry("sslpassword", "sslpassword"),
                    Map.entry("channel_binding", "channelBinding"),
                    Map.entry("gssencmode", "gssEncMode"),
                    Map.entry("application_name", "ApplicationName"),
                    Map.entry("connect_timeout", "connectTimeout"),
                    Map.entry("options", "options"),
                    Map.entry("target_session_attrs", "targetServerType"));

    record Server(String host, int port) {
        @Override
        public String toString() {
            return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        }
    }

    PostgresUrl {
        servers = List.copyOf(servers);
        properties = Map.copyOf(properties);
    }

    /// @throws StoreRefused when it is none
    static PostgresUrl parse(String url) {
        boolean jdbc = url.startsWith(JDBC + "//");
        if (!jdbc && !url.startsWith("postgresql://") && !url.startsWith("postgres://")) {
            throw refused(schemeOf(url) + EXPECTED);
        }
        var rest = url.substring(url.indexOf("//") + 2);
        int question = rest.indexOf('?');
        var place = question < 0 ? rest : rest.substring(0, question);
        int slash = place.indexOf('/');
        if (slash < 0 || slash == place.length() - 1) {
            throw refused("it must name a database; " + EXPECTED);
        }
        var authority = place.substring(0, slash);
        int at = authority.lastIndexOf('@');
        var servers = servers(authority.substring(at + 1));
        var properties = new LinkedHashMap<String, String>();
        if (at >= 0) {
            readUser(authority.substring(0, at), properties);
        }
        if (question >= 0) {
            readQuery(rest.substring(question + 1), jdbc, properties);
        }
        return new PostgresUrl(
                servers, decoded(place.substring(slash + 1), "the database", jdbc), properties);
    }

    private static String schemeOf(String url) {
        var scheme = SCHEME.matcher(url);
        return scheme.matches() ? "it begins with '" + scheme.group(1) + ":'; " : "";
    }

    private static List<Server> servers(String text) {
        var servers = new ArrayList<Server>();
        for (var each : text.split(",", -1)) {
            int colon =
                    each.startsWith("[") ? each.indexOf(':', each.indexOf(']')) : each.indexOf(':');
            var host = colon < 0 ? each : each.substring(0, colon);
            if (host.startsWith("[") && host.endsWith("]")) {
                host = host.substring(1, host.length() - 1);
            }
            if (host.isEmpty() || host.contains("%")) {
                throw refused("it must name a host; sockets of this machine are not supported");
            }
            servers.add(new Server(host, colon < 0 ? USUAL_PORT : port(each.substring(colon + 1))));
        }
        return servers;
    }

    private static int port(String text) {
        try {
            int port = Integer.parseInt(text);
            if (port >= 1 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException none) {
            // Told below, without the text: it may be a password whose @ is missing or whose / is
            // not escaped.
        }
        throw refused(
                "its port must be a number from 1 to 65535; in a password / is written %2F, ? %3F and @ %40");
    }

    private static void readUser(String text, Map<String, String> properties) {
        int colon = text.indexOf(':');
        properties.put(
                "user", decoded(colon < 0 ? text : text.substring(0, colon), "the user", false));
        if (colon >= 0) {
            properties.put("password", decoded(text.substring(colon + 1), "the password", false));
        }
    }

    private static void readQuery(String query, boolean jdbc, Map<String, String> properties) {
        for (var each : query.split("&", -1)) {
            if (each.isEmpty()) {
                continue;
            }
            int equals = each.indexOf('=');
            var name = equals < 0 ? each : each.substring(0, equals);
            if (!NAME.matcher(name).matches()) {
                throw refused("after its ? there must be parameters such as sslmode=require");
            }
            var value = equals < 0 ? "" : decoded(each.substring(equals + 1), name, jdbc);
            properties.put(
                    property(name, jdbc),
                    name.equals("target_session_attrs") ? kind(value) : value);
        }
    }

    private static String property(String name, boolean jdbc) {
        var property = jdbc && PGProperty.forName(name) != null ? name : PARAMETERS.get(name);
        if (property == null) {
            throw refused("its parameter '" + name + "' is not known");
        }
        return property;
    }

    private static String kind(String sessions) {
        return switch (sessions) {
            case "any" -> "any";
            case "read-write", "primary" -> "primary";
            default -> throw refused("its target_session_attrs must be any, primary or read-write");
        };
    }

    private static String decoded(String text, String what, boolean plusIsSpace) {
        try {
            return URLDecoder.decode(
                    plusIsSpace ? text : text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            // The exception quotes what it could not read, so it is no cause here.
            throw refused("in " + what + " a % must be written %25");
        }
    }

    private static StoreRefused refused(String why) {
        return new StoreRefused("the URL of a PostgreSQL store cannot be used: " + why);
    }

    /// Without the user, the password and what else there may be.
    @Override
    public String toString() {
        return "postgresql://"
                + String.join(",", servers.stream().map(Server::toString).toList())
                + "/"
                + database;
    }
}
