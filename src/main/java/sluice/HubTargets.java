package sluice;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import sluice.catalog.HubModel;
import sluice.catalog.HubTarget;
import sluice.config.Configuration;
import sluice.upstream.KeyPool;
import sluice.upstream.Upstream;
import sluice.upstream.databricks.Databricks;
import sluice.upstream.databricks.DeclaredModel;
import sluice.upstream.databricks.Surface;

/// The workspaces of a configuration, with what each of them declared, as the model hub lists them.
final class HubTargets {
    private HubTargets() {}

    static List<HubTarget> of(Configuration configuration, Map<String, Upstream> upstreams) {
        var targets = new ArrayList<HubTarget>();
        for (var config : configuration.targets()) {
            var upstream = upstreams.get(config.id());
            if (upstream instanceof KeyPool pool) {
                upstream = pool.first();
            }
            if (upstream instanceof Databricks workspace) {
                targets.add(
                        new HubTarget(
                                config.id(),
                                config.provider().name(),
                                config.baseUrl().toString(),
                                workspace.declared().rows().stream()
                                        .map(HubTargets::hubModel)
                                        .toList()));
            }
        }
        return targets;
    }

    private static HubModel hubModel(DeclaredModel model) {
        var can = model.capabilities();
        return new HubModel(
                model.name(),
                model.mode().token(),
                model.state() == DeclaredModel.State.UNKNOWN ? null : model.state().name(),
                model.creator(),
                model.createdMillis(),
                model.updatedMillis(),
                Boolean.TRUE.equals(can.vision()),
                Boolean.TRUE.equals(can.functionCalling()),
                Boolean.TRUE.equals(can.parallelFunctionCalling()),
                model.surfaces().contains(Surface.SERVING),
                model.row());
    }
}
