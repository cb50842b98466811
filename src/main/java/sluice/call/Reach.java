package sluice.call;

/// Which models somebody may use.
@FunctionalInterface
public interface Reach {
    Reach EVERYTHING = _ -> true;

    boolean permits(Meaning model);
}
