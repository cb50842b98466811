package sluice.bench;

import java.util.List;
import java.util.Map;

/// Something that can stand between load and upstream: its name in the table, the port where it
/// listens and the command that starts it.
record Subject(String name, int port, List<String> command, Map<String, String> environment) {}
