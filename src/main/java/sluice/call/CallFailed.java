package sluice.call;

/// The one exception of the path: a call cannot go on, and the {@link Failure} it carries says why.
///
/// It has no stack trace of its own: a refusal is an answer, not a surprise, and filling traces costs more than the
/// rest of a refused call.
public final class CallFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    CallFailed(Failure failure) {
        super(failure.message(), null, false, false);
        this.failure = failure;
    }

    public Failure failure() {
        return failure;
    }
}
