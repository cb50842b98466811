package sluice.call;

/// What a model's name means: one model at one target, or a virtual model that stands for several.
public sealed interface Meaning permits ModelName, VirtualName {

    /// The name under which it is granted, booked and shown.
    String text();
}
