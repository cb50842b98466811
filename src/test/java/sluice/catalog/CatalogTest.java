package sluice.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import sluice.call.CallFailed;
import sluice.call.Failure;
import sluice.call.Meaning;
import sluice.call.ModelName;
import sluice.call.ModelPatterns;
import sluice.call.Reach;

class CatalogTest {
    private static final Reach ANYBODY = principal("*");

    @Test
    void aTargetsModelIsMeantByItsFullName() {
        var catalog = catalog(closed("a", "openai", "m"), closed("b", "openai", "m"));

        assertThat(meaning(catalog, "a/m")).isEqualTo("a/m");
        assertThat(meaning(catalog, "b/m")).isEqualTo("b/m");
    }

    @Test
    void aProvidersModelIsMeantWhenExactlyOneTargetServesIt() {
        var catalog = catalog(closed("a", "openai", "m", "n"), closed("b", "openai", "m"));

        assertThat(meaning(catalog, "openai/n")).isEqualTo("a/n");
        assertThat(unknown(catalog, "openai/m").nearest()).contains("a/m", "b/m");
    }

    @Test
    void aBareNameIsMeantWhenExactlyOneTargetListsIt() {
        var catalog =
                catalog(closed("a", "openai", "m", "n"), closed("b", "databricks", "m", "x/y"));

        assertThat(meaning(catalog, "n")).isEqualTo("a/n");
        assertThat(meaning(catalog, "x/y")).isEqualTo("b/x/y");
        assertThat(unknown(catalog, "m").nearest()).contains("a/m", "b/m");
    }

    @Test
    void anAmbiguousBareNameWithASlashHasItsCandidatesToo() {
        var catalog =
                catalog(
                        closed("a", "openai", "meta-llama/llama-3"),
                        closed("b", "databricks", "meta-llama/llama-3"));

        assertThat(unknown(catalog, "meta-llama/llama-3").nearest())
                .contains("a/meta-llama/llama-3", "b/meta-llama/llama-3");
    }

    @Test
    void aFullNameComesBeforeAProvidersAndThatBeforeABareOne() {
        var catalog =
                catalog(
                        closed("openai", "custom", "m"),
                        closed("second", "openai", "m"),
                        closed("third", "databricks", "openai/m"));
        assertThat(meaning(catalog, "openai/m")).isEqualTo("openai/m");

        var withoutTheFirst =
                catalog(closed("second", "openai", "m"), closed("third", "databricks", "openai/m"));
        assertThat(meaning(withoutTheFirst, "openai/m")).isEqualTo("second/m");
        assertThat(meaning(withoutTheFirst, "third/openai/m")).isEqualTo("third/openai/m");
    }

    @Test
    void aClaudeIsMeantByItsShortNameAndEveryShortNameThatIsListedIsMeant() {
        var catalog =
                catalog(
                        closed(
                                "w",
                                "databricks",
                                "databricks-claude-opus-5",
                                "system.ai.claude-opus-5",
                                "my-claude",
                                "notclaude-1",
                                "gpt-6"),
                        closed("a", "anthropic", "claude-haiku-4-5"));

        assertThat(catalog.claudes(ANYBODY))
                .containsExactly("claude", "claude-haiku-4-5", "claude-opus-5");
        assertThat(meaning(catalog, "claude-opus-5")).isEqualTo("w/databricks-claude-opus-5");
        assertThat(meaning(catalog, "claude-haiku-4-5")).isEqualTo("a/claude-haiku-4-5");
        assertThat(meaning(catalog, "claude")).isEqualTo("w/my-claude");
    }

    @Test
    void aShortNameMeansWhatItsCallerMayUse() {
        var catalog =
                catalog(
                        closed(
                                "w",
                                "databricks",
                                "databricks-claude-opus-5",
                                "system.ai.claude-opus-5"));
        var newNames = principal("w/system.ai.*");

        assertThat(catalog.claudes(newNames)).containsExactly("claude-opus-5");
        assertThat(catalog.resolve("claude-opus-5", newNames).toString())
                .isEqualTo("w/system.ai.claude-opus-5");
        assertThat(catalog.claudes(principal("w/gpt-*"))).isEmpty();
    }

    @Test
    void ofTwoTargetsNoneIsMeantByAShortName() {
        var catalog =
                catalog(
                        closed("w", "databricks", "databricks-claude-opus-5"),
                        closed("v", "databricks", "databricks-claude-opus-5"));

        assertThat(catalog.claudes(ANYBODY)).isEmpty();
        assertThat(unknown(catalog, "claude-opus-5").model()).isEqualTo("claude-opus-5");
    }

    @Test
    void noTargetCanTakeTheNamesOfAnother() {
        var catalog =
                catalog(
                        closed("taker", "custom", "up/gpt-secret", "openai/gpt-secret"),
                        open("up", "openai"));

        assertThat(meaning(catalog, "up/gpt-secret")).isEqualTo("up/gpt-secret");
        assertThat(meaning(catalog, "openai/gpt-secret")).isEqualTo("up/gpt-secret");
        assertThat(meaning(catalog, "taker/up/gpt-secret")).isEqualTo("taker/up/gpt-secret");
    }

    @Test
    void onlyTheFirstSlashSplits() {
        var catalog = catalog(open("a", "openai"));

        assertThat(meaning(catalog, "a/x/y/z")).isEqualTo("a/x/y/z");
        assertThat(catalog.resolve("a/x/y/z", ANYBODY)).isEqualTo(new ModelName("a", "x/y/z"));
        assertThat(meaning(catalog, "openai/x/y")).isEqualTo("a/x/y");
    }

    @Test
    void aTargetThatTakesAnyNameIsBelieved() {
        var catalog = catalog(open("a", "openai", "listed"), closed("b", "databricks", "m"));

        assertThat(meaning(catalog, "a/unlisted")).isEqualTo("a/unlisted");
        assertThat(meaning(catalog, "openai/unlisted")).isEqualTo("a/unlisted");
        assertThat(unknown(catalog, "b/unlisted")).isNotNull();
        assertThat(unknown(catalog, "unlisted")).isNotNull();
    }

    @Test
    void ofTwoThatTakeAnyNameNoneIsChosen() {
        var catalog = catalog(open("a", "openai"), open("b", "openai"));

        assertThat(unknown(catalog, "openai/m")).isNotNull();
    }

    @Test
    void anAmbiguousNameIsNotGivenToAThirdTarget() {
        var catalog =
                catalog(
                        closed("a", "openai", "m"),
                        closed("b", "openai", "m"),
                        open("c", "openai"));

        assertThat(unknown(catalog, "openai/m").nearest()).contains("a/m", "b/m");
    }

    @Test
    void malformedNamesMeanNothing() {
        var catalog = catalog(open("a", "openai", "m"));

        for (var name : List.of("", "/", "a/", "/m", "//", "a", "A/m ", "\u0000")) {
            assertThat(unknown(catalog, name)).as(name).isNotNull();
        }
    }

    @Test
    void theNearestNamesAreThoseTheCallerMayUse() {
        var catalog = catalog(closed("a", "openai", "gpt-4", "gpt-5"), closed("b", "x", "gpt-4o"));

        var failure =
                (Failure.UnknownModel)
                        catchThrowableOfType(
                                        CallFailed.class,
                                        () -> catalog.resolve("gpt-4x", principal("a/gpt-5")))
                                .failure();

        assertThat(failure.nearest()).containsExactly("a/gpt-5");
        assertThat(failure.message()).doesNotContain("gpt-4o").doesNotContain("a/gpt-4 ");
    }

    @Test
    void whatIsEchoedIsCutAndPrintable() {
        var failure = unknown(catalog(), "\u001b[31m" + "x".repeat(5_000));

        assertThat(failure.message().length()).isLessThan(400);
        assertThat(failure.message()).doesNotContain("\u001b");
    }

    @Test
    void aCallerSeesWhatItMayUseInOrder() {
        var catalog = catalog(closed("b", "openai", "m", "a"), closed("a", "x", "z"));

        assertThat(catalog.visibleTo(principal("b/*", "z")))
                .extracting(Meaning::text)
                .containsExactly("a/z", "b/a", "b/m");
        assertThat(catalog.visibleTo(principal())).isEmpty();
    }

    private static Catalog catalog(TargetModels... targets) {
        return Catalog.of(List.of(targets), List.of());
    }

    private static TargetModels closed(String target, String provider, String... models) {
        return new TargetModels(target, provider, false, List.of(models));
    }

    private static TargetModels open(String target, String provider, String... models) {
        return new TargetModels(target, provider, true, List.of(models));
    }

    private static Reach principal(String... patterns) {
        return new ModelPatterns(List.of(patterns))::permit;
    }

    private static String meaning(Catalog catalog, String asked) {
        return catalog.resolve(asked, ANYBODY).toString();
    }

    private static Failure.UnknownModel unknown(Catalog catalog, String asked) {
        return (Failure.UnknownModel)
                catchThrowableOfType(CallFailed.class, () -> catalog.resolve(asked, ANYBODY))
                        .failure();
    }
}
