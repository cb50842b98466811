package sluice.upstream.databricks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import sluice.call.Bytes;
import sluice.json.NotJson;

class UnityCatalogModelsTest {
    @Test
    void registeredModelsAreReadAsTheirFullNames() throws NotJson {
        var page =
                Bytes.utf8(
                        """
                        {"registered_models": [
                          {"name": "claude", "full_name": "system.ai.claude", "catalog_name": "system"},
                          {"name": "plain"}, {"full_name": null, "name": "other"}, {"full_name": ""}, {}, 7],
                         "next_page_token": "a/b"}\
                        """);

        assertThat(UnityCatalogModels.isOne(page)).isTrue();
        assertThat(UnityCatalogModels.ids(page))
                .containsExactly("system.ai.claude", "plain", "other");
        assertThat(UnityCatalogModels.nextPageToken(page)).contains("a/b");
    }

    @Test
    void theLastPageHasNoToken() throws NotJson {
        assertThat(UnityCatalogModels.nextPageToken(Bytes.utf8("{\"next_page_token\":\"\"}")))
                .isEmpty();
        assertThat(UnityCatalogModels.nextPageToken(Bytes.utf8("{}"))).isEmpty();
        assertThat(UnityCatalogModels.ids(Bytes.utf8("{}"))).isEmpty();
    }

    @Test
    void otherShapesAreTold() {
        assertThat(UnityCatalogModels.isOne(Bytes.utf8("{\"data\":[]}"))).isFalse();
        assertThat(UnityCatalogModels.isOne(Bytes.utf8("<html>"))).isFalse();
        assertThatThrownBy(() -> UnityCatalogModels.ids(Bytes.utf8("<html>")))
                .isInstanceOf(NotJson.class);
    }
}
