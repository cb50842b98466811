package sluice.simulator;

import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/// Which script a request follows. The header wins, then the model name, then what was queued for the next calls, then
/// the endpoint's own habit, then the default.
final class Scripts {
    private static final int COUNTED_MAX = 10_000;

    private final Queue<String> next = new ConcurrentLinkedQueue<>();
    private final Map<String, AtomicInteger> played = new ConcurrentHashMap<>();
    private volatile String always;
    private volatile String listing = "normal";
    private volatile String minting = "normal";

    Scripts(String always) {
        this.always = checked(always);
    }

    void next(String spec) {
        next.add(checked(spec));
    }

    void nothingNext() {
        next.clear();
    }

    void always(String spec) {
        always = checked(spec);
    }

    void listing(String spec) {
        listing = checked(spec);
    }

    void minting(String spec) {
        minting = checked(spec);
    }

    /// Throws when the header or the model name is no behaviour.
    Script forCall(Request request, Endpoint endpoint) {
        var header = request.header(Behaviour.HEADER);
        if (!header.isEmpty()) {
            return played(header);
        }
        if (endpoint.name().startsWith(Behaviour.MODEL_PREFIX)) {
            return played(endpoint.behaviour());
        }
        var queued = next.poll();
        if (queued != null) {
            return played(queued);
        }
        return played(endpoint.behaviour().equals("normal") ? always : endpoint.behaviour());
    }

    Script forListing(Request request) {
        var header = request.header(Behaviour.HEADER);
        return played(header.isEmpty() ? listing : header);
    }

    Script forMinting(Request request) {
        var header = request.header(Behaviour.HEADER);
        return played(header.isEmpty() ? minting : header);
    }

    private Script played(String spec) {
        var script = Script.read(spec);
        if (script.times() == 0) {
            return script;
        }
        if (played.size() > COUNTED_MAX) {
            played.clear();
        }
        int before = played.computeIfAbsent(spec, any -> new AtomicInteger()).getAndIncrement();
        return before < script.times() ? script : Script.NORMAL;
    }

    private static String checked(String spec) {
        Script.read(spec);
        return spec;
    }
}
