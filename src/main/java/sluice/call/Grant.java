package sluice.call;

/// What a caller was allowed: this model, for this caller. Nothing goes upstream without one.
public record Grant(Principal caller, Meaning model) {}
