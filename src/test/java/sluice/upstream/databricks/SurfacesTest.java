package sluice.upstream.databricks;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.call.Bytes;
import sluice.call.Dialect;
import sluice.upstream.databricks.DeclaredModels.Source;

class SurfacesTest {
    private static final URI HOST = URI.create("https://acme.cloud.databricks.com");

    private final Moving clock = new Moving();
    private final Surfaces auto = new Surfaces(HOST, Surfaces.Choice.AUTO, clock);

    @ParameterizedTest
    @CsvSource({
        "databricks-claude-sonnet-4-5, CHAT, /serving-endpoints/chat/completions",
        "databricks-claude-sonnet-4-5, MESSAGES, /serving-endpoints/anthropic/v1/messages",
        "databricks-gpt-5, RESPONSES, /serving-endpoints/responses",
        "databricks-bge-large-en, EMBEDDINGS, /serving-endpoints/embeddings",
        "my-completer, COMPLETIONS, /serving-endpoints/completions",
        "my-model, INVOCATIONS, /serving-endpoints/my-model/invocations",
        "a name/../x, INVOCATIONS, /serving-endpoints/a%20name%2F..%2Fx/invocations",
        "system.ai.claude-sonnet-4-5, CHAT, /ai-gateway/mlflow/v1/chat/completions",
        "system.ai.claude-sonnet-4-5, MESSAGES, /ai-gateway/anthropic/v1/messages",
        "system.ai.gpt-5, RESPONSES, /ai-gateway/openai/v1/responses",
        "system.ai.gte-large-en, EMBEDDINGS, /ai-gateway/mlflow/v1/embeddings",
        "main.llm.assistant, CHAT, /ai-gateway/mlflow/v1/chat/completions"
    })
    void aNameThatNobodyDeclaresGoesWhereItsFormPoints(String model, Dialect asked, String path) {
        assertThat(through(auto.way(model, asked)).path()).isEqualTo(path);
        assertThat(through(auto.way(model, asked)).model()).isEqualTo(model);
    }

    @Test
    void aProvidersOwnIdGoesWithTheServicesNameBesideIt() {
        var way = through(auto.way("main.llm.anthropic/claude-opus-4-6", Dialect.MESSAGES));

        assertThat(way.path()).isEqualTo("/ai-gateway/anthropic/v1/messages");
        assertThat(way.model()).isEqualTo("claude-opus-4-6");
        assertThat(way.headers())
                .isEqualTo(Map.of("databricks-model-provider-service", "main.llm.anthropic"));
    }

    @Test
    void aModelThatDoesNotSpeakTheDialectIsToBeTranslatedTo() {
        assertThat(paths(auto.way("databricks-meta-llama-3-3-70b-instruct", Dialect.MESSAGES)))
                .containsExactly(
                        "/serving-endpoints/chat/completions",
                        "/ai-gateway/mlflow/v1/chat/completions");
        assertThat(paths(auto.way("databricks-gpt-oss-120b", Dialect.RESPONSES)))
                .startsWith("/serving-endpoints/chat/completions");
    }

    @Test
    void whatIsDeclaredCountsMoreThanAName() {
        auto.declare(
                models(
                        model("house-model", Door.SERVING_CHAT, Door.SERVING_MESSAGES),
                        model("not-really-claude", Door.SERVING_CHAT),
                        model(
                                "databricks-b",
                                Door.SERVING_CHAT,
                                Door.GATEWAY_CHAT,
                                Door.GATEWAY_MESSAGES)));

        assertThat(through(auto.way("house-model", Dialect.MESSAGES)).path())
                .isEqualTo("/serving-endpoints/anthropic/v1/messages");
        assertThat(paths(auto.way("not-really-claude", Dialect.MESSAGES)))
                .containsExactly("/serving-endpoints/chat/completions");
        assertThat(through(auto.way("databricks-b", Dialect.MESSAGES)).path())
                .isEqualTo("/ai-gateway/anthropic/v1/messages");
    }

    @Test
    void anEndpointThatIsListedOnOneSurfaceIsNotSoughtOnTheOther() {
        auto.declare(models(model("house-model", Door.SERVING_CHAT)));
        var sent = through(auto.way("house-model", Dialect.CHAT));

        assertThat(auto.way("house-model", Dialect.CHAT, List.of(sent)))
                .isEqualTo(new Way.Nowhere());
    }

    @Test
    void aSurfaceThatIsAbsentOnTheHostIsLeftAloneForAnHour() {
        var sent = through(auto.way("system.ai.llama-4", Dialect.CHAT));

        assertThat(auto.learn(sent, 404, "ENDPOINT_NOT_FOUND", "Invalid path"))
                .isEqualTo(Verdict.TRY_OTHER_SURFACE);

        var other = through(auto.way("system.ai.qwen", Dialect.CHAT));
        assertThat(other.path()).isEqualTo("/serving-endpoints/chat/completions");
        assertThat(other.model()).isEqualTo("databricks-qwen");
        clock.advance(Duration.ofMinutes(59));
        assertThat(through(auto.way("system.ai.qwen", Dialect.CHAT))).isEqualTo(other);
        clock.advance(Duration.ofMinutes(2));
        assertThat(through(auto.way("system.ai.qwen", Dialect.CHAT)).surface())
                .isEqualTo(Surface.GATEWAY);
    }

    @ParameterizedTest
    @CsvSource({"400, FEATURE_DISABLED", "404, FEATURE_DISABLED", "501, NOT_IMPLEMENTED"})
    void aGatewayThatIsSwitchedOffIsAnAbsentSurface(int status, String code) {
        var sent = through(auto.way("system.ai.claude-x", Dialect.CHAT));

        assertThat(auto.learn(sent, status, code, "not enabled"))
                .isEqualTo(Verdict.TRY_OTHER_SURFACE);

        assertThat(through(auto.way("system.ai.claude-x", Dialect.CHAT)).surface())
                .isEqualTo(Surface.SERVING);
    }

    @Test
    void anEndpointThatImplementsTooLittleSaysNothingOfTheOthers() {
        var sent = through(auto.way("house-agent", Dialect.CHAT));

        assertThat(auto.learn(sent, 501, null, "this agent does not stream"))
                .isEqualTo(Verdict.TRY_OTHER_SURFACE);

        assertThat(through(auto.way("databricks-claude-x", Dialect.CHAT)).surface())
                .isEqualTo(Surface.SERVING);
    }

    @Test
    void anAbsentNativePathSaysNothingOfTheSurfacesOtherPaths() {
        var sent = through(auto.way("system.ai.claude-x", Dialect.MESSAGES));

        auto.learn(sent, 404, "ENDPOINT_NOT_FOUND", "Invalid path");

        assertThat(through(auto.way("system.ai.claude-x", Dialect.MESSAGES)).path())
                .isEqualTo("/serving-endpoints/anthropic/v1/messages");
        assertThat(through(auto.way("system.ai.claude-x", Dialect.CHAT)).surface())
                .isEqualTo(Surface.GATEWAY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RESOURCE_DOES_NOT_EXIST", "NOT_FOUND"})
    void anAbsentModelNeverDemotesItsHost(String code) {
        var sent = through(auto.way("misspelt", Dialect.CHAT));

        assertThat(auto.learn(sent, 404, code, "no such endpoint")).isEqualTo(Verdict.MODEL_ABSENT);

        assertThat(through(auto.way("misspelt", Dialect.CHAT))).isEqualTo(sent);
        assertThat(through(auto.way("misspelt", Dialect.CHAT, List.of(sent))).surface())
                .isEqualTo(Surface.GATEWAY);
    }

    @Test
    void anEndpointThatIsMissingInItsOwnPathSaysNothingOfOthers() {
        var sent = through(auto.way("misspelt", Dialect.INVOCATIONS));

        assertThat(auto.learn(sent, 404, "ENDPOINT_NOT_FOUND", "no such endpoint"))
                .isEqualTo(Verdict.MODEL_ABSENT);

        assertThat(through(auto.way("other", Dialect.INVOCATIONS)).path())
                .isEqualTo("/serving-endpoints/other/invocations");
    }

    @Test
    void aBare404TeachesNothing() {
        var sent = through(auto.way("anything", Dialect.CHAT));

        assertThat(auto.learn(sent, 404, null, "<html>Not Found</html>")).isEqualTo(Verdict.PLAIN);
        assertThat(through(auto.way("anything", Dialect.CHAT))).isEqualTo(sent);
    }

    @Test
    void aModelWithoutResponsesIsSpokenToInChatFromThenOn() {
        auto.declare(models(model("gpt-4-house", Door.SERVING_CHAT, Door.SERVING_RESPONSES)));
        var sent = through(auto.way("gpt-4-house", Dialect.RESPONSES));

        assertThat(
                        auto.learn(
                                sent,
                                400,
                                "BAD_REQUEST",
                                "Responses API passthrough is not supported for it"))
                .isEqualTo(Verdict.TRY_OTHER_SURFACE);

        assertThat(paths(auto.way("gpt-4-house", Dialect.RESPONSES)))
                .containsExactly("/serving-endpoints/chat/completions");
        assertThat(through(auto.way("gpt-5-other", Dialect.RESPONSES)).path())
                .isEqualTo("/serving-endpoints/responses");
    }

    @Test
    void aWorkspaceThatRefusesOldNamesIsAskedAtItsGatewayForThatName() {
        var sent = through(auto.way("databricks-gpt-5", Dialect.CHAT));

        assertThat(auto.learn(sent, 501, null, "Use Unity Catalog model services instead"))
                .isEqualTo(Verdict.TRY_OTHER_SURFACE);

        assertThat(through(auto.way("databricks-gpt-5", Dialect.CHAT)).surface())
                .isEqualTo(Surface.GATEWAY);
        assertThat(through(auto.way("my-own-endpoint", Dialect.CHAT)).surface())
                .isEqualTo(Surface.SERVING);
    }

    @ParameterizedTest
    @CsvSource({
        "401, Unauthorized, CREDENTIAL",
        "400, Invalid Token, CREDENTIAL",
        "403, token is expiring within 30 seconds, CREDENTIAL",
        "403, you may not use this, PLAIN",
        "400, max_tokens is too large, PLAIN",
        "429, slow down, PLAIN",
        "500, oops, PLAIN"
    })
    void otherRefusalsMeanWhatTheySay(int status, String message, Verdict verdict) {
        var sent = through(auto.way("anything", Dialect.CHAT));

        assertThat(auto.learn(sent, status, null, message)).isEqualTo(verdict);
        assertThat(through(auto.way("anything", Dialect.CHAT))).isEqualTo(sent);
    }

    @Test
    void aHostWhoseEverySurfaceSeemsAbsentIsStillAsked() {
        var first = through(auto.way("anything", Dialect.CHAT));
        auto.learn(first, 404, "ENDPOINT_NOT_FOUND", "");
        var second = through(auto.way("anything", Dialect.CHAT, List.of(first)));
        auto.learn(second, 404, "ENDPOINT_NOT_FOUND", "");

        assertThat(auto.way("anything", Dialect.CHAT, List.of(first, second)))
                .isEqualTo(new Way.Nowhere());
        assertThat(auto.way("anything", Dialect.CHAT)).isInstanceOf(Way.Through.class);
    }

    @Test
    void theOperatorsChoiceOfASurfaceHolds() {
        var serving = new Surfaces(HOST, Surfaces.Choice.SERVING, clock);
        var gateway = new Surfaces(HOST, Surfaces.Choice.GATEWAY, clock);

        assertThat(through(serving.way("system.ai.claude-x", Dialect.CHAT)).model())
                .isEqualTo("databricks-claude-x");
        assertThat(serving.way("main.llm.assistant", Dialect.CHAT)).isEqualTo(new Way.Nowhere());
        assertThat(through(gateway.way("databricks-claude-x", Dialect.CHAT)).path())
                .isEqualTo("/ai-gateway/mlflow/v1/chat/completions");
        var sent = through(gateway.way("databricks-claude-x", Dialect.CHAT));
        gateway.learn(sent, 404, "ENDPOINT_NOT_FOUND", "");
        assertThat(gateway.way("databricks-claude-x", Dialect.CHAT, List.of(sent)))
                .isNotInstanceOf(Way.Through.class);
    }

    @ParameterizedTest
    @CsvSource({
        "https://123.ai-gateway.cloud.databricks.com, system.ai.claude-x, /anthropic/v1/messages",
        "https://acme.cloud.databricks.com/ai-gateway, system.ai.claude-x, /anthropic/v1/messages",
        "https://acme.cloud.databricks.com/serving-endpoints, databricks-claude-x,"
                + " /anthropic/v1/messages"
    })
    void aBaseThatLeadsToOneSurfaceHasItsPathsOnly(URI base, String model, String path) {
        var surfaces = new Surfaces(base, Surfaces.Choice.AUTO, clock);

        assertThat(through(surfaces.way(model, Dialect.MESSAGES)).path()).isEqualTo(path);
    }

    @Test
    void noNameLeadsUpwards() {
        assertThat(auto.way("..", Dialect.INVOCATIONS)).isEqualTo(new Way.Nowhere());
    }

    @Test
    void whatIsRememberedIsBounded() {
        for (int i = 0; i < 20_000; i++) {
            auto.learn(
                    through(auto.way("gpt-5-" + i, Dialect.RESPONSES)),
                    400,
                    null,
                    "Responses API passthrough is not supported");
        }
        assertThat(auto.remembered()).isLessThanOrEqualTo(4_096);
    }

    private static Way.Through through(Way way) {
        assertThat(way).isInstanceOf(Way.Through.class);
        return (Way.Through) way;
    }

    private static List<String> paths(Way way) {
        assertThat(way).isInstanceOf(Way.Instead.class);
        return ((Way.Instead) way).spoken().stream().map(Way.Through::path).toList();
    }

    private static DeclaredModels models(DeclaredModel... rows) {
        return new DeclaredModels(List.of(rows), Set.<Source>of());
    }

    private static DeclaredModel model(String name, Door... doors) {
        var surfaces = new EnumMap<Surface, Boolean>(Surface.class);
        for (var door : doors) {
            surfaces.put(door.surface(), true);
        }
        return new DeclaredModel(
                name,
                surfaces.keySet(),
                Set.of(doors),
                null,
                DeclaredModel.Mode.CHAT,
                DeclaredModel.State.READY,
                null,
                null,
                DeclaredModel.Capabilities.UNKNOWN,
                null,
                null,
                0,
                0,
                Bytes.EMPTY);
    }

    private static final class Moving extends Clock {
        private Instant now = Instant.parse("2026-11-20T00:00:00Z");

        void advance(Duration by) {
            now = now.plus(by);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
