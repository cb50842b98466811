package sluice.admin;

import org.jspecify.annotations.Nullable;
import sluice.call.AdminRole;

/// Who stands at the operators' door, known.
///
/// @param id who it is, in the list of changes
/// @param team the only team that a team-manager sees; null for all others
record Operator(String id, AdminRole role, @Nullable String team) {}
