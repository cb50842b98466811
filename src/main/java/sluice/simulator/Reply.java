package sluice.simulator;

/// An answer and how it travels.
record Reply(Answer answer, Script.Wire wire) {
    static Reply normal(Answer answer) {
        return new Reply(answer, Script.NORMAL.wire());
    }
}
