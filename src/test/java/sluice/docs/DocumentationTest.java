package sluice.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import sluice.config.ConfigurationFiles;
import sluice.config.Loaded;

/// What the pages say is so: their commands are run, their files are loaded, their answers are compared. What cannot be
/// run is printed with its reason; a block that no rule claims fails.
class DocumentationTest {
    private static final Pattern COMMAND =
            Pattern.compile("(?m)^(export|mkdir|openssl|curl|tail|\\./sluice|bench/run)\\b");
    private static final Pattern PASTED = Pattern.compile("(?m)^curl (.*\\\\\n)*.*");
    private static final Pattern LIBRARY = Pattern.compile("(?m)^from (?<name>\\w+) import");
    private static final String NODE_KNOWS_OPENAI = "import('openai').catch(() => process.exit(1))";

    private final List<Page> pages = Page.all();
    private final List<String> notRun = new ArrayList<>();
    private Session session;

    /// What the block before the present one said.
    private Optional<Said> said = Optional.empty();

    /// Waits for so many lines of what a block says, or gives all of it.
    @FunctionalInterface
    private interface Said {
        String lines(int count) throws InterruptedException;
    }

    @BeforeEach
    void start() throws IOException {
        session = Session.start();
    }

    @AfterEach
    void stop() throws IOException {
        session.close();
        notRun.forEach(block -> System.out.println("not run: " + block));
    }

    @TestFactory
    Stream<DynamicTest> everyBlockHolds() {
        return pages.stream()
                .flatMap(page -> page.blocks().stream())
                .map(block -> DynamicTest.dynamicTest(block.toString(), () -> holds(block)));
    }

    private void holds(Block block) throws Exception {
        var before = said;
        said = Optional.empty();
        switch (block.language()) {
            case "yaml" -> yaml(block);
            case "bash" -> bash(block);
            case "python" -> python(block);
            case "javascript" -> javascript(block);
            case "java" -> java(block);
            case "console" -> notRun(block, "sluice.AdminCommandsTest runs each of its lines");
            case "text" -> text(block, before.orElseThrow(() -> unclaimed(block)));
            case "json" -> json(block, before.orElseThrow(() -> unclaimed(block)));
            default -> throw unclaimed(block);
        }
    }

    private static AssertionError unclaimed(Block block) {
        return new AssertionError(
                block + ": no rule says how this is shown to be true; write one or leave it out");
    }

    // ---- files ----

    private void yaml(Block block) throws IOException {
        if (block.page().startsWith("docs/")) {
            notRun(block, "sluice.config.PolicyDocumentTest loads it");
            return;
        }
        var name = block.fileName().orElseThrow(() -> unclaimed(block));
        var loaded = load(name, block.text());
        if (!block.marks().contains("refused")) {
            assertThat(loaded).isInstanceOf(Loaded.Good.class);
        } else {
            assertThat(loaded)
                    .isInstanceOfSatisfying(
                            Loaded.Faulty.class, faulty -> assertFaultsAreShown(block, faulty));
        }
        session.save(name, block.text());
    }

    /// Read as it stands, with something in every variable; certificates lie in the session's folder.
    private Loaded load(String name, String text) throws IOException {
        var folder = session.checkout().folder();
        var file = folder.resolve("as-shown-" + name);
        Files.writeString(file, text.replace(" tls/", " " + folder + "/tls/"));
        return ConfigurationFiles.load(
                List.of(file), variable -> "a-value-of-decent-length-for-" + variable);
    }

    private void assertFaultsAreShown(Block block, Loaded.Faulty faulty) {
        var shown = new StringBuilder();
        pages.stream()
                .flatMap(page -> page.blocks().stream())
                .filter(other -> other.language().equals("text"))
                .forEach(other -> shown.append(other.text()));
        var folder = session.checkout().folder() + "/as-shown-";
        assertThat(faulty.faults())
                .as("the faults of " + block)
                .allSatisfy(fault ->
                        assertThat(shown.toString())
                                .contains(fault.toString().replace(folder, "")));
    }

    // ---- commands ----

    private void bash(Block block) throws IOException, InterruptedException {
        var script = block.text();
        if (!COMMAND.matcher(script).lookingAt()) {
            throw unclaimed(block);
        }
        if (script.startsWith("./sluice test")) {
            assertThat(Path.of(".ci/run")).isExecutable().content().contains("./sluice test");
            notRun(block, "it is the command that runs this test");
        } else if (script.contains("bench/run")) {
            assertThat(Path.of("bench/run")).isExecutable();
            notRun(block, "it builds, and measures for longer than a test may take");
        } else if (Session.isServer(script)) {
            var terminal = session.serve(script);
            said = Optional.of(count -> String.join("\n", terminal.lines(count)));
        } else if (needed(script).isPresent()) {
            notRun(block, "there is no " + needed(script).get() + " here");
        } else if (script.startsWith("tail ")) {
            said = Optional.of(_ -> lastLine(script));
        } else {
            var ran = session.run(script);
            assertThat(ran.exitCode()).as(ran.toString()).isZero();
            assertWhole(script, ran);
            said = Optional.of(_ -> ran.output());
        }
    }

    /// The programs that a machine may lack.
    private static Optional<String> needed(String script) {
        return Stream.of("curl", "openssl")
                .filter(program -> Pattern.compile("\\b" + program + " ").matcher(script).find())
                .filter(program -> !isInstalled(program))
                .findFirst();
    }

    private static boolean isInstalled(String program) {
        return Stream.of(System.getenv("PATH").split(":", -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /// A stream that was cut is no answer, whatever its status was.
    private static void assertWhole(String script, Session.Ran ran) {
        if (script.contains("\"stream\": true")) {
            assertThat(ran.output()).endsWith("data: [DONE]\n\n");
        }
    }

    /// The ledger's writer follows the calls at a small distance.
    private String lastLine(String script) throws InterruptedException {
        long end = System.nanoTime() + Terminal.PATIENCE.toNanos();
        while (System.nanoTime() - end < 0) {
            try {
                var ran = session.run(script);
                if (ran.exitCode() == 0 && ran.output().endsWith("\n")) {
                    return ran.output();
                }
            } catch (IOException failed) {
                throw new AssertionError(failed);
            }
        }
        throw new AssertionError("nothing was written: " + script);
    }

    // ---- programs ----

    private void python(Block block) throws IOException, InterruptedException {
        var file = saved(block);
        var library = LIBRARY.matcher(block.text());
        if (!library.find()) {
            throw unclaimed(block);
        }
        var name = library.group("name");
        if (!isInstalled("python3")) {
            notRun(block, "there is no python3 here");
        } else if (session.program(List.of("python3", "-c", "import " + name)).exitCode() == 0) {
            assertAnswered(session.program(List.of("python3", file)));
        } else {
            assertEndsWell(session.program(List.of("python3", "-m", "py_compile", file)));
            notRun(block, "python3 knows no " + name + "; only its syntax was checked");
        }
    }

    private void javascript(Block block) throws IOException, InterruptedException {
        var file = saved(block);
        if (!isInstalled("node")) {
            notRun(block, "there is no node here");
        } else if (session.program(List.of("node", "-e", NODE_KNOWS_OPENAI)).exitCode() == 0) {
            assertAnswered(session.program(List.of("node", file)));
        } else {
            assertEndsWell(session.program(List.of("node", "--check", file)));
            notRun(block, "node knows no openai; only its syntax was checked");
        }
    }

    private void java(Block block) throws IOException, InterruptedException {
        var name = saved(block);
        var folder = session.checkout().folder();
        var classes = folder.toString();
        var compiler = ToolProvider.getSystemJavaCompiler();
        var messages = new StringWriter();
        try (var files = compiler.getStandardFileManager(null, null, null)) {
            var options = List.of("-Xlint:all,-classfile", "-Werror", "-proc:none", "-d", classes);
            assertThat(
                            compiler.getTask(
                                            messages,
                                            files,
                                            null,
                                            options,
                                            null,
                                            files.getJavaFileObjects(folder.resolve(name)))
                                    .call())
                    .as(messages.toString())
                    .isTrue();
        }
        var classPath = classes + ":" + System.getProperty("java.class.path");
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        assertAnswered(
                session.program(
                        List.of(
                                java,
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                classPath,
                                name.replace(".java", ""))));
    }

    private String saved(Block block) throws IOException {
        var name = block.fileName().orElseThrow(() -> unclaimed(block));
        session.save(name, block.text());
        return name;
    }

    private static void assertAnswered(Session.Ran ran) {
        assertEndsWell(ran);
        assertThat(ran.output()).contains("You said: Hello");
    }

    private static void assertEndsWell(Session.Ran ran) {
        assertThat(ran.exitCode()).as(ran.toString()).isZero();
    }

    // ---- what is shown of what a block before it said ----

    private void text(Block block, Said before) throws IOException, InterruptedException {
        int lines = (int) block.text().lines().count();
        var actual = before.lines(lines);
        Shown.sameText(block.text(), actual);
        var pasted = PASTED.matcher(actual);
        if (pasted.find() && isInstalled("curl")) {
            var ran = session.run(pasted.group() + "\n");
            assertEndsWell(ran);
            said = Optional.of(_ -> ran.output());
        }
    }

    private void json(Block block, Said before) throws InterruptedException {
        Shown.sameShape(block.text(), before.lines(1));
    }

    private void notRun(Block block, String reason) {
        notRun.add(block + ": " + reason);
    }
}
