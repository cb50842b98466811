package sluice.cli;

/// The environment variable with which an operator shows a running gateway who asks.
final class AdminKey {
    static final String VARIABLE = "SLUICE_ADMIN_KEY";

    private AdminKey() {}
}
