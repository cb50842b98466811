package sluice.access;

import sluice.call.Terms;

/// One level of the organisation: what it grants and caps.
///
/// @param kind {@code organisation}, {@code customer}, {@code team}, {@code user}, {@code key} or {@code role}
/// @param id empty for the organisation, of which there is one
public record Level(String kind, String id, Terms terms) {

    /// As it is named in messages: {@code the team 'data-science'}.
    String named() {
        return id.isEmpty() ? "the " + kind : "the " + kind + " '" + id + "'";
    }
}
