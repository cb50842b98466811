package sluice.access;

import sluice.call.ModelName;

/// What one sending of a call really used.
///
/// @param nanoDollars 0 when the price is not known
public record Use(ModelName model, long tokens, long nanoDollars) {}
