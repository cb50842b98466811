package sluice.access;

import sluice.call.Allowance;
import sluice.call.Terms;

/// One level of the organisation, and what the operator decided for it.
///
/// @param kind {@code organisation}, {@code customer}, {@code team}, {@code user}, {@code key} or {@code role}
/// @param id empty for the organisation, of which there is one
record Level(String kind, String id, Allowance own) {

    Terms terms() {
        return own.terms();
    }

    /// As it is named in messages: {@code the team 'data-science'}.
    String named() {
        return id.isEmpty() ? "the " + kind : "the " + kind + " '" + id + "'";
    }

    /// As its accounts are named: {@code team/data-science}.
    String account() {
        return id.isEmpty() ? kind : kind + "/" + id;
    }
}
