package sluice.cli;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sluice.config.ConfigurationFiles;
import sluice.config.Fault;
import sluice.config.Loaded;
import sluice.config.ServerConfig;

/// {@code sluice agent config}: what to set so that a coding agent calls through this gateway, ready to be pasted. A
/// key is never printed, only the name of the variable that holds it.
@Command(
        name = "config",
        mixinStandardHelpOptions = true,
        description = {
            "Prints what to set so that a coding agent calls through this gateway.",
            "Exit code 0: printed. 1: this agent cannot be served, or a policy file has faults."
        })
final class AgentConfig implements Callable<Integer> {
    private static final String DEFAULT_BASE = "http://127.0.0.1:8080";
    private static final Set<String> ANY_ADDRESS = Set.of("0.0.0.0", "::", "[::]");

    /// Capitals only, so that a key that was given by mistake is not taken for a name.
    private static final Pattern VARIABLE = Pattern.compile("[A-Z_][A-Z0-9_]{0,127}");

    private static final Pattern MODEL = Pattern.compile("[!-~]{1,256}");
    private static final Pattern HEADER =
            Pattern.compile("([A-Za-z0-9_-]{1,128}): *([!-~]([ -~]{0,1022}[!-~])?)");
    private static final Set<String> CREDENTIALS =
            Set.of(
                    "authorization",
                    "cookie",
                    "proxy-authorization",
                    "x-api-key",
                    "x-bf-vk",
                    "x-databricks-ai-gateway-token");

    @Parameters(index = "0", paramLabel = "AGENT", description = "${COMPLETION-CANDIDATES}")
    private @Nullable CodingAgent agent;

    @Option(
            names = "--base-url",
            paramLabel = "URL",
            description =
                    "Where the gateway answers, with /v1 or without; "
                            + DEFAULT_BASE
                            + " unless a policy file says where it listens.")
    private @Nullable String baseUrl;

    @Option(
            names = "--policy-config",
            paramLabel = "FILE",
            description =
                    "The gateway's configuration, for its address; may be given several times.")
    private List<Path> files = new ArrayList<>();

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            description =
                    "The model to use for everything; without it, models that Databricks hosts.")
    private @Nullable String model;

    @Option(
            names = "--key-env",
            paramLabel = "NAME",
            defaultValue = "SLUICE_KEY",
            description =
                    "The environment variable that holds the virtual key. Default:"
                            + " ${DEFAULT-VALUE}.")
    private String keyVariable = "";

    @Option(
            names = "--header",
            paramLabel = "'NAME: VALUE'",
            description = "A header for every call; may be given several times.")
    private List<String> headers = new ArrayList<>();

    @Option(
            names = "--file",
            description = "Prints only the agent's settings file, to be saved as it is.")
    private boolean fileOnly;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it calls
    private CommandSpec spec;

    @Override
    public Integer call() {
        var asked = agent;
        if (asked == null) {
            throw wrong("which agent?");
        }
        var base = base();
        if (base == null) {
            return 1;
        }
        var settings =
                asked.settings(new CodingAgent.Gate(base, model(), variable(), namedHeaders()));
        var output = spec.commandLine();
        return switch (settings) {
            case CodingAgent.Settings.Printed(var text, var file) -> {
                if (fileOnly && file.isEmpty()) {
                    output.getErr().println(asked + " is set up in its own window, not by a file.");
                    output.getErr().flush();
                    yield 1;
                }
                output.getOut().print(fileOnly ? file.get() : text);
                output.getOut().flush();
                yield 0;
            }
            case CodingAgent.Settings.NotServed(var why) -> {
                output.getErr().print(why);
                output.getErr().flush();
                yield 1;
            }
        };
    }

    /// Without {@code /v1} and without a slash at its end; null after telling why there is none.
    private @Nullable String base() {
        if (baseUrl != null) {
            return checked(baseUrl);
        }
        if (files.isEmpty()) {
            return DEFAULT_BASE;
        }
        // Only the address is wanted, and whoever sets up an agent has none of the gateway's
        // secrets.
        return switch (ConfigurationFiles.load(files, name -> "not-needed-for-this-" + name)) {
            case Loaded.Good(var configuration, _) -> address(configuration.server());
            case Loaded.Faulty(var faults, _) -> refuse(faults);
            case Loaded.Unreadable(var faults) -> refuse(faults);
        };
    }

    private String address(ServerConfig server) {
        var listen = server.listen();
        if (listen.port() == 0) {
            throw wrong(
                    "server.listen takes any free port, so nobody knows which: give --base-url");
        }
        boolean secure = server.tls() instanceof ServerConfig.Tls.Pem;
        var host = ANY_ADDRESS.contains(listen.host()) ? secure ? "localhost" : "127.0.0.1" : null;
        return (secure ? "https://" : "http://")
                + (host == null ? listen : host + ":" + listen.port());
    }

    private @Nullable String refuse(List<Fault> faults) {
        faults.forEach(spec.commandLine().getErr()::println);
        spec.commandLine().getErr().flush();
        return null;
    }

    private String checked(String url) {
        try {
            var uri = new URI(url);
            var scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
            if ((scheme.equals("http") || scheme.equals("https"))
                    && uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null
                    && url.matches("[!-&(-~]+")) {
                return url.replaceFirst("/+$", "").replaceFirst("/v1$", "");
            }
        } catch (URISyntaxException _) {
            // said below
        }
        throw wrong(
                "--base-url: expected an address such as https://gateway.example.com, without a"
                        + " user name, '?' or '#'");
    }

    private @Nullable String model() {
        if (model != null && !MODEL.matcher(model).matches()) {
            throw wrong("--model: expected 1 to 256 printable characters without spaces");
        }
        return model;
    }

    private String variable() {
        if (!VARIABLE.matcher(keyVariable).matches()) {
            throw wrong(
                    "--key-env: expected the name of an environment variable, in capitals, and not"
                            + " a key");
        }
        return keyVariable;
    }

    private Map<String, String> namedHeaders() {
        var named = new LinkedHashMap<String, String>();
        for (var header : headers) {
            var parts = HEADER.matcher(header);
            if (!parts.matches()) {
                throw wrong("--header: expected 'Name: value', in printable ASCII");
            }
            if (CREDENTIALS.contains(parts.group(1).toLowerCase(Locale.ROOT))) {
                throw wrong(
                        "--header: "
                                + parts.group(1)
                                + " holds a credential; keep the key in the variable that --key-env"
                                + " names");
            }
            named.put(parts.group(1), parts.group(2));
        }
        return named;
    }

    private ParameterException wrong(String words) {
        return new ParameterException(spec.commandLine(), words);
    }
}
