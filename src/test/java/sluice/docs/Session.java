package sluice.docs;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import sluice.simulator.Settings;
import sluice.simulator.Simulator;

/// A newcomer who reads the pages from top to bottom, in one folder, with one shell and some terminals.
///
/// Only places and credentials are other than the text says: every port is a free one, a simulator stands for the
/// workspace, and a key that is printed anew at each start is the one that was printed.
final class Session implements AutoCloseable {
    private static final String WORKSPACE = "https://adb-1234567890.azuredatabricks.net";
    private static final String WORKSPACE_TOKEN = "dapi...";
    private static final String PRINTED_KEY = "sk-slc-...";
    private static final String DEFAULT_PORT = "8080";

    private static final Pattern SERVER =
            Pattern.compile("(?m)^\\./sluice (run|gateway run|simulate)\\b.*\\n\\z");
    private static final Pattern LISTENS =
            Pattern.compile("--(?:listen [\\d.]+:|port )(?<port>\\d+)");
    private static final Pattern ADDRESS = Pattern.compile("(127\\.0\\.0\\.1|localhost):(\\d+)");
    private static final Pattern READY =
            Pattern.compile("(?:Sluice is ready|workspace answers) at \\w+://[\\d.]+:(\\d+).*");
    private static final Pattern KEY = Pattern.compile("Virtual key, for this run: (\\S+)");

    /// Exported variables pass from one block to the next, as they do in a shell that stays open.
    private static final String BEFORE =
            """
            set -euo pipefail
            [ ! -f exported ] || . ./exported
            trap 'export -p >exported' DEBUG
            """;

    /// An answer of 400 and above makes curl fail, and nothing hangs.
    private static final String CURLRC =
            "silent\nshow-error\nfail-with-body\nmax-time = 30\nnoproxy = \"*\"\n";

    private final Checkout checkout;
    private final Simulator workspace;
    private final Map<String, Terminal> terminals = new LinkedHashMap<>();
    private final Map<String, String> ports = new HashMap<>();
    private String key = PRINTED_KEY;

    private Session(Checkout checkout, Simulator workspace) {
        this.checkout = checkout;
        this.workspace = workspace;
    }

    static Session start() throws IOException {
        var checkout = Checkout.make();
        checkout.write(".curlrc", CURLRC);
        return new Session(
                checkout, Simulator.start(0, Settings.standard().withToken("a-simulated-token")));
    }

    /// How a command ended and what it said.
    record Ran(int exitCode, String output, String complaints) {
        @Override
        public String toString() {
            return "exit code " + exitCode + "\n" + output + complaints;
        }
    }

    Checkout checkout() {
        return checkout;
    }

    static boolean isServer(String script) {
        return SERVER.matcher(script).find();
    }

    /// Starts a gateway or a simulator and waits until it says that it is ready. One that the text has listening on the
    /// same port is stopped first, as it must be.
    Terminal serve(String script) throws IOException, InterruptedException {
        var listens = LISTENS.matcher(script);
        var port = listens.find() ? listens.group("port") : DEFAULT_PORT;
        stop(port);
        var anywhere =
                listens.reset().find()
                        ? listens.replaceAll(found -> withPortZero(found))
                        : script.stripTrailing() + " --listen 127.0.0.1:0\n";
        var log = checkout.folder().resolve("log-" + port);
        var terminal = Terminal.open(shell(standIns(anywhere)), log);
        terminals.put(port, terminal);
        var ready = terminal.line(line -> READY.matcher(line).find());
        ports.put(port, first(READY, ready));
        if (ready.contains("no file") || ready.contains("SIMULATED")) {
            key = first(KEY, terminal.line(line -> KEY.matcher(line).find()));
        }
        return terminal;
    }

    private static String withPortZero(MatchResult found) {
        return found.group().substring(0, found.group().length() - found.group(1).length()) + "0";
    }

    private static String first(Pattern pattern, String text) {
        var found = pattern.matcher(text);
        if (!found.find()) {
            throw new AssertionError(pattern + " is not in: " + text);
        }
        return found.group(1);
    }

    /// Runs commands to their end.
    Ran run(String script) throws IOException, InterruptedException {
        return run(shell(standIns(script)));
    }

    /// Runs one program, with the variables that the shell has exported.
    Ran program(List<String> command) throws IOException, InterruptedException {
        var words = command.stream().map(word -> "'" + word.replace("'", "'\\''") + "'").toList();
        return run(shell("exec " + String.join(" ", words) + "\n"));
    }

    private Ran run(ProcessBuilder builder) throws IOException, InterruptedException {
        var output = Files.createTempFile(checkout.folder(), "said-", "");
        var complaints = Files.createTempFile(checkout.folder(), "complained-", "");
        var process =
                builder.redirectOutput(output.toFile()).redirectError(complaints.toFile()).start();
        if (!process.waitFor(Terminal.PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            throw new AssertionError("it does not end");
        }
        return new Ran(process.exitValue(), Files.readString(output), Files.readString(complaints));
    }

    private ProcessBuilder shell(String script) {
        var builder = new ProcessBuilder("bash", "-c", BEFORE + script);
        builder.directory(checkout.folder().toFile());
        var environment = builder.environment();
        environment.keySet().removeIf(name -> name.matches("(DATABRICKS|SLUICE|OPENAI)_.*"));
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("CURL_HOME", checkout.folder().toString());
        environment.put("NO_PROXY", "127.0.0.1,localhost");
        environment.put("SLUICE_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1");
        builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        return builder;
    }

    /// Saves a file as the text says, to be used by later blocks.
    Path save(String name, String text) throws IOException {
        return checkout.write(name, standIns(text));
    }

    String standIns(String text) {
        var here =
                text.replace(WORKSPACE, workspace.host())
                        .replace(WORKSPACE_TOKEN, workspace.settings().token())
                        .replace(PRINTED_KEY, key);
        return ADDRESS.matcher(here)
                .replaceAll(found ->
                        found.group(1) + ":" + ports.getOrDefault(found.group(2), found.group(2)));
    }

    private void stop(String port) {
        var before = terminals.remove(port);
        if (before != null) {
            before.close();
        }
    }

    @Override
    public void close() throws IOException {
        List.copyOf(terminals.keySet()).forEach(this::stop);
        workspace.close();
        checkout.close();
    }
}
