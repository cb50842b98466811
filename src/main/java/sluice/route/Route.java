package sluice.route;

import sluice.call.ModelName;
import sluice.upstream.Upstream;

/// Where a call goes.
public record Route(Upstream upstream, ModelName model) {}
