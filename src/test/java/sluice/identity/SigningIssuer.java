package sluice.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/// An identity provider on a real port, with real keys: it describes itself, publishes its keys, and signs what the test
/// wants signed.
public final class SigningIssuer implements AutoCloseable {
    public static final String AUDIENCE = "sluice";

    /// Making one takes long, so all tests share a few.
    private static final List<RSAKey> RSA = rsaKeys();

    private static final ECKey P256 = ec(Curve.P_256, "ec-256");
    private static final ECKey P384 = ec(Curve.P_384, "ec-384");

    private final HttpServer server;
    private final Clock clock;
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<JWK> published = new CopyOnWriteArrayList<>();
    private volatile RSAKey current = RSA.getFirst();
    private volatile boolean down;
    private volatile String keys = "";

    private SigningIssuer(HttpServer server, Clock clock) {
        this.server = server;
        this.clock = clock;
        published.addAll(List.of(current, P256, P384));
    }

    public static SigningIssuer open(Clock clock) {
        try {
            var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            var server = HttpServer.create(address, 512);
            var issuer = new SigningIssuer(server, clock);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/", issuer::answer);
            server.start();
            return issuer;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static List<RSAKey> rsaKeys() {
        try {
            var keys = new ArrayList<RSAKey>();
            for (int i = 0; i < 3; i++) {
                keys.add(new RSAKeyGenerator(2048).keyID("rsa-" + i).generate());
            }
            return keys;
        } catch (JOSEException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static ECKey ec(Curve curve, String id) {
        try {
            return new ECKeyGenerator(curve).keyID(id).generate();
        } catch (JOSEException failed) {
            throw new IllegalStateException(failed);
        }
    }

    public String name() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/tenant";
    }

    public String keySet() {
        return name() + "/keys";
    }

    /// How often its keys were asked for.
    public int keysAsked() {
        return (int) asked.stream().filter(path -> path.endsWith("/keys")).count();
    }

    public void goDown() {
        down = true;
    }

    public void comeUp() {
        down = false;
    }

    /// Another key from now on, published with those before.
    public void rotate() {
        current = RSA.get(RSA.indexOf(current) + 1);
        published.add(current);
    }

    /// Says this in place of its keys.
    public void publishes(String document) {
        keys = document;
    }

    private void answer(HttpExchange exchange) throws IOException {
        var path = exchange.getRequestURI().getPath();
        asked.add(path);
        var text =
                switch (path) {
                    case "/tenant/keys" ->
                            keys.isEmpty() ? new JWKSet(published).toString(true) : keys;
                    case "/tenant/.well-known/openid-configuration" ->
                            "{\"issuer\": \"%s\", \"jwks_uri\": \"%s\"}"
                                    .formatted(name(), keySet());
                    default -> "";
                };
        var bytes = text.getBytes(UTF_8);
        exchange.sendResponseHeaders(down ? 503 : text.isEmpty() ? 404 : 200, bytes.length);
        try (var out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    /// What a good token says.
    public Map<String, Object> claims(String user) {
        long now = clock.instant().getEpochSecond();
        var claims = new LinkedHashMap<String, Object>();
        claims.put("iss", name());
        claims.put("aud", AUDIENCE);
        claims.put("sub", user);
        claims.put("iat", now);
        claims.put("nbf", now);
        claims.put("exp", now + 600);
        return claims;
    }

    public String token(String user) {
        return token(user, _ -> {});
    }

    public String token(String user, Consumer<Map<String, Object>> change) {
        var claims = claims(user);
        change.accept(claims);
        return signed(claims);
    }

    public String signed(Map<String, Object> claims) {
        return signed(header(JWSAlgorithm.RS256, current.getKeyID()), claims, signer());
    }

    public JWSSigner signer() {
        try {
            return new RSASSASigner(current);
        } catch (JOSEException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /// A token of another algorithm, with the key that fits it.
    public String token(String user, JWSAlgorithm algorithm) {
        try {
            if (JWSAlgorithm.Family.RSA.contains(algorithm)) {
                return signed(header(algorithm, current.getKeyID()), claims(user), signer());
            }
            var key = algorithm.equals(JWSAlgorithm.ES256) ? P256 : P384;
            return signed(header(algorithm, key.getKeyID()), claims(user), new ECDSASigner(key));
        } catch (JOSEException failed) {
            throw new IllegalStateException(failed);
        }
    }

    public RSAKey current() {
        return current;
    }

    /// A key that it never publishes.
    public RSAKey stranger() {
        return RSA.getLast();
    }

    public static JWSHeader header(JWSAlgorithm algorithm, String keyId) {
        return new JWSHeader.Builder(algorithm).keyID(keyId).build();
    }

    public static String signed(JWSHeader header, Map<String, Object> claims, JWSSigner signer) {
        var text =
                header.toBase64URL() + "." + Base64URL.encode(JSONObjectUtils.toJSONString(claims));
        try {
            return text + "." + signer.sign(header, text.getBytes(UTF_8));
        } catch (JOSEException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /// Parts that nobody signed.
    public static String unsigned(String header, String claims, String signature) {
        return Base64URL.encode(header) + "." + Base64URL.encode(claims) + "." + signature;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
