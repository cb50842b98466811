package sluice.config;

/// Whose a budget or a limit is.
///
/// @param id empty for the organisation
public record Owner(Kind kind, String id) {
    public enum Kind {
        ORGANISATION("organisation"),
        CUSTOMER("customer"),
        TEAM("team"),
        USER("user"),
        KEY("key");

        private final String token;

        Kind(String token) {
            this.token = token;
        }

        public String token() {
            return token;
        }
    }
}
