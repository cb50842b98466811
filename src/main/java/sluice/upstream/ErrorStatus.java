package sluice.upstream;

import sluice.call.Bytes;
import sluice.json.Fields;
import sluice.json.Governed;
import sluice.json.Kind;
import sluice.json.Limits;
import sluice.json.NotJson;

/// Which status an error document means when it came under 200: the number in its {@code code} or {@code status}, else
/// what its type says, else 502.
final class ErrorStatus {
    private static final Governed ERROR = Governed.of("error", "code", "status", "type");

    private ErrorStatus() {}

    static int of(Bytes document) {
        try {
            var fields = Fields.scan(document, ERROR, Limits.DEFAULT);
            var error = fields.find("error");
            if (error != null && error.kind() == Kind.OBJECT) {
                fields = error.object(ERROR, Limits.DEFAULT);
            }
            for (var name : new String[] {"code", "status"}) {
                var number = fields.find(name);
                if (number != null && number.kind() == Kind.NUMBER) {
                    long status = number.asLong();
                    if (status >= 400 && status <= 599) {
                        return (int) status;
                    }
                }
            }
            var type = fields.find("type");
            return type != null && type.kind() == Kind.STRING ? ofType(type.string()) : 502;
        } catch (NotJson not) {
            return 502;
        }
    }

    private static int ofType(String type) {
        return switch (type) {
            case "invalid_request_error" -> 400;
            case "authentication_error" -> 401;
            case "permission_error" -> 403;
            case "rate_limit_error", "rate_limit_exceeded" -> 429;
            case "overloaded_error" -> 503;
            default -> 502;
        };
    }
}
