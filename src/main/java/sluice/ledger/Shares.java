package sluice.ledger;

/// The accounts that a call is booked on.
public interface Shares {
    int count();

    /// Names the account over restarts.
    String account(int share);

    /// When the part of time began that it is counted in, in milliseconds since 1970.
    long period(int share);

    /// What is set aside there.
    long held(int share);

    /// What was used there in the end.
    long used(int share);
}
