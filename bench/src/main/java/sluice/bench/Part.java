package sluice.bench;

import java.io.IOException;

/// One question put to every subject in turn.
interface Part {
    String name();

    void measure(Stage stage, Report report) throws IOException;
}
