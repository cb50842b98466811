package sluice.simulator;

/// The request gets an answer that is no success; the answer is the whole content.
final class Refused extends Exception {
    private final transient Answer.Whole answer;

    Refused(Answer.Whole answer) {
        super("status " + answer.status(), null, false, false);
        this.answer = answer;
    }

    Answer.Whole answer() {
        return answer;
    }
}
