package sluice;

import sluice.cli.Sluice;

/// The process entry: hands the command line to {@code cli}.
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(Sluice.run(System::getenv, arguments));
    }
}
