package sluice.config;

/// Systems whose own names are understood beside ours (facts/forms.md section 4).
public enum Compatibility {
    /// The {@code x-tfy-...} headers.
    TFY
}
