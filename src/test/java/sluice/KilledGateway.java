package sluice;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import sluice.config.ConfigurationFiles;
import sluice.config.Loaded;
import sluice.loop.Carrier;

/// The program that {@link Child} runs: a gateway that says its port and serves until it is killed, or until whoever
/// started it is gone.
final class KilledGateway {
    private KilledGateway() {}

    public static void main(String[] arguments) throws IOException {
        var loaded = ConfigurationFiles.load(List.of(Path.of(arguments[0])), System::getenv);
        if (!(loaded instanceof Loaded.Good(var configuration, var _))) {
            throw new IllegalArgumentException(String.valueOf(loaded));
        }
        var gateway = Gateway.start(configuration, Clock.systemUTC(), Carrier.open());
        System.out.println(gateway.port());
        int asked = System.in.read();
        if (asked == 'q') {
            gateway.close();
            System.exit(0);
        }
        Runtime.getRuntime().halt(1);
    }
}
