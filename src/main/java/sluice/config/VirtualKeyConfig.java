package sluice.config;

import sluice.call.ModelPatterns;
import sluice.call.Secret;

/// A key that we gave out: what a caller presents, and the models it opens.
public record VirtualKeyConfig(String id, Secret key, ModelPatterns models, Place place) {

    /// A key that stands in no file.
    public static VirtualKeyConfig made(String id, Secret key, ModelPatterns models) {
        return new VirtualKeyConfig(id, key, models, Place.startOf("(made at start)"));
    }
}
