package sluice.translate;

/// A target's reply that is not what its dialect promises: said in a few words that quote nothing of it.
public final class BrokenReply extends Exception {
    private static final long serialVersionUID = 1;

    public BrokenReply(String what) {
        super(what, null, false, false);
    }

    /// @return what is wrong, to stand behind "sent no usable answer: "
    public String what() {
        return String.valueOf(getMessage());
    }
}
