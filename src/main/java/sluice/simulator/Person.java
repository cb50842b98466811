package sluice.simulator;

import java.util.List;

/// Somebody who has an account in the workspace, and the personal access token that opens it.
public record Person(String token, String userName, List<String> groups) {
    public Person {
        groups = List.copyOf(groups);
    }

    /// Without the token.
    @Override
    public String toString() {
        return "Person[userName=" + userName + ", groups=" + groups + "]";
    }
}
