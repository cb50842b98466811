package sluice.catalog;

import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;

/// One model as the model hub shows it.
///
/// @param name as its target knows it
/// @param mode {@code chat}, {@code completion}, {@code embedding}, ...
/// @param state one word, such as {@code READY}; null when the target does not tell
/// @param createdMillis since 1970, 0 when not told
/// @param row the target's own row of its listing, from which the hub takes what it shows of the configuration; empty
///     when there is none
public record HubModel(
        String name,
        String mode,
        @Nullable String state,
        @Nullable String creator,
        long createdMillis,
        long updatedMillis,
        boolean vision,
        boolean functionCalling,
        boolean parallelFunctionCalling,
        boolean servingEndpoint,
        Bytes row) {}
