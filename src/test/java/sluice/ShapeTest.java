package sluice;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvent;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/// The directions of the architecture page, as a test. A new package must be given its place in {@link #MAY_KNOW}.
class ShapeTest {
    private static final JavaClasses PRODUCT =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("sluice");

    private static final String NOUNS = "call json protocol";

    /// Which packages of ours each package may use. The composition root is bound by nothing.
    static final Map<String, String> MAY_KNOW =
            new TreeMap<>(
                    Map.ofEntries(
                            Map.entry("call", ""),
                            Map.entry("json", "call"),
                            Map.entry("protocol", "call json"),
                            Map.entry("loop", "call"),
                            Map.entry("server", NOUNS + " loop"),
                            Map.entry("upstream", NOUNS + " loop"),
                            Map.entry("store", ""),
                            Map.entry("identity", NOUNS + " store"),
                            Map.entry("access", NOUNS + " store"),
                            Map.entry("catalog", NOUNS),
                            Map.entry("translate", NOUNS),
                            Map.entry("meter", NOUNS + " store"),
                            Map.entry("ledger", NOUNS + " store"),
                            Map.entry("route", NOUNS + " upstream translate"),
                            Map.entry("admin", NOUNS + " server catalog route store"),
                            Map.entry(
                                    "line",
                                    NOUNS
                                            + " loop admin server upstream identity access catalog translate"
                                            + " meter ledger route"),
                            Map.entry("config", "call"),
                            Map.entry("simulator", ""),
                            Map.entry("cli", "call config loop simulator")));

    @Test
    void packagesCanBeReadAlone() {
        slices().matching("sluice.(*)..").should().beFreeOfCycles().check(PRODUCT);
    }

    @Test
    void eachPackageKnowsOnlyThoseItMay() {
        classes().that().resideInAPackage("sluice.*..").should(knowOnlyItsOwn()).check(PRODUCT);
    }

    private static ArchCondition<JavaClass> knowOnlyItsOwn() {
        return new ArchCondition<>("know only the packages drawn in the architecture") {
            @Override
            public void check(JavaClass item, ConditionEvents events) {
                var home = station(item.getPackageName());
                var allowed = MAY_KNOW.get(home);
                if (allowed == null) {
                    events.add(violated(item, "package '" + home + "' has no place in MAY_KNOW"));
                    return;
                }
                var known = List.of(allowed.split(" "));
                for (var dependency : item.getDirectDependenciesFromSelf()) {
                    var other = dependency.getTargetClass().getPackageName();
                    boolean ours = other.startsWith("sluice.");
                    if (ours && !station(other).equals(home) && !known.contains(station(other))) {
                        events.add(violated(item, dependency.getDescription()));
                    }
                }
            }
        };
    }

    private static ConditionEvent violated(JavaClass item, String message) {
        return SimpleConditionEvent.violated(item, message);
    }

    private static String station(String packageName) {
        var rest = packageName.substring("sluice.".length());
        int dot = rest.indexOf('.');
        return dot < 0 ? rest : rest.substring(0, dot);
    }

    @Test
    void onlyServerTakesConnections() {
        noClasses()
                .that()
                .resideOutsideOfPackages("sluice.server..")
                .should()
                .dependOnClassesThat()
                .haveNameMatching("io\\.vertx\\.core\\.http\\.HttpServer.*")
                .check(PRODUCT);
    }

    @Test
    void onlyUpstreamDialsOut() {
        noClasses()
                .that()
                .resideOutsideOfPackages("sluice.upstream..")
                .should()
                .dependOnClassesThat()
                .haveNameMatching("io\\.vertx\\.core\\.http\\.HttpClient.*")
                .check(PRODUCT);
        noClasses()
                .that(areNot("sluice.cli.SelfTest"))
                .and(areNot("sluice.cli.AdminDoor"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.net.http..")
                .because("the self-test and the operator's command play clients; nobody else dials")
                .check(PRODUCT);
    }

    private static DescribedPredicate<JavaClass> areNot(String name) {
        return new DescribedPredicate<>("are not " + name) {
            @Override
            public boolean test(JavaClass candidate) {
                return !candidate.getName().equals(name);
            }
        };
    }

    @Test
    void theSocketLibraryStaysBehindItsDoors() {
        noClasses()
                .that()
                .resideOutsideOfPackages("sluice.server..", "sluice.upstream..", "sluice.loop..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx..", "io.netty..")
                .check(PRODUCT);
    }

    @Test
    void onlyConfigAndTheCommandLineReadTheEnvironment() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        Stream.of(MAY_KNOW.keySet().toArray(String[]::new))
                                .filter(name -> !name.equals("cli"))
                                .map(name -> "sluice." + name + "..")
                                .toArray(String[]::new))
                .should()
                .callMethod(System.class, "getenv", String.class)
                .orShould()
                .callMethod(System.class, "getenv")
                .because("the composition root hands the environment to config")
                .check(PRODUCT);
    }

    @Test
    void onlyTheCompositionRootConstructsWhatImplementsAPort() {
        noClasses()
                .that(areNot("sluice.Targets"))
                .should()
                .callConstructorWhere(
                        new DescribedPredicate<>("it makes an upstream") {
                            @Override
                            public boolean test(
                                    com.tngtech.archunit.core.domain.JavaConstructorCall call) {
                                return call.getTargetOwner()
                                        .isAssignableTo("sluice.upstream.Upstream");
                            }
                        })
                .check(PRODUCT);
    }

    @Test
    void aNounIsFoundForEveryClass() {
        for (var vague : List.of("Util", "Utils", "Helper", "Manager", "Base", "Impl")) {
            noClasses().should().haveSimpleNameEndingWith(vague).check(PRODUCT);
        }
    }

    @Test
    void everyPackageHasAMapAndMarksAbsence() {
        var unmarked =
                PRODUCT.stream()
                        .map(JavaClass::getPackageName)
                        .distinct()
                        .filter(name -> !isMarked(name))
                        .collect(Collectors.toSet());
        org.assertj.core.api.Assertions.assertThat(unmarked).isEmpty();
    }

    private static boolean isMarked(String packageName) {
        try {
            return Arrays.stream(Class.forName(packageName + ".package-info").getAnnotations())
                    .anyMatch(annotation -> annotation.annotationType() == NullMarked.class);
        } catch (ClassNotFoundException absent) {
            return false;
        }
    }
}
