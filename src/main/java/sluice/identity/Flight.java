package sluice.identity;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// A question under way on a thread of its own, and the calls that wait for its answer.
final class Flight<T> {
    private final Queue<Arrival> waiting = new ConcurrentLinkedQueue<>();
    private volatile @Nullable T answer;

    /// Who comes in between sees the answer before waiting, so nobody is left asleep.
    void land(T brought) {
        answer = brought;
        waiting.forEach(Arrival::wake);
    }

    /// @return null when it did not land in time
    @Nullable T await(Arrival call, Duration patience) {
        waiting.add(call);
        call.await(() -> answer != null, System.nanoTime() + patience.toNanos());
        return answer;
    }
}
