package sluice.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// nginx in both of its roles: the yardstick, and the upstream of plain calls.
///
/// As the yardstick it does what the gateway does on the wire: one worker, connections to the
/// upstream kept, the body read before it is sent on and never put on disk, and one buffered log
/// line per call because the gateway writes its ledger.
final class Nginx {
    static final String NAME = "nginx";
    static final String DIRECT = "direct";

    private Nginx() {}

    static Subject proxy(Stage stage, int upstreamPort) throws IOException {
        var port = Stage.freePort();
        return subject(
                stage,
                NAME,
                port,
                """
                access_log %s/access.log combined buffer=64k flush=1s;
                upstream up {
                    server 127.0.0.1:%d;
                    keepalive 1024;
                    keepalive_requests 100000000;
                }
                server {
                    listen 127.0.0.1:%d backlog=4096;
                    location / {
                        proxy_pass http://up;
                        proxy_http_version 1.1;
                        proxy_set_header Connection "";
                        proxy_buffering off;
                    }
                }
                """
                        .formatted(stage.folder(NAME), upstreamPort, port));
    }

    /// Reads every body to its end, then answers. `return` alone would answer before the body has
    /// arrived and cost the caller its connection; `mirror` is what makes nginx read first.
    static Subject upstream(Stage stage) throws IOException {
        var port = Stage.freePort();
        return subject(
                stage,
                DIRECT,
                port,
                """
                access_log off;
                server {
                    listen 127.0.0.1:%d backlog=4096;
                    root /nonexistent;
                    log_not_found off;
                    location / { mirror /read; error_page 404 405 =200 @answer; }
                    location /v1/messages { mirror /read; error_page 404 405 =200 @message; }
                    location = /read { internal; return 204; }
                    location @answer { default_type application/json; return 200 '%s'; }
                    location @message { default_type application/json; return 200 '%s'; }
                }
                """
                        .formatted(port, Body.answer(), Body.message()));
    }

    private static Subject subject(Stage stage, String name, int port, String http)
            throws IOException {
        var folder = stage.folder(name);
        var file = folder.resolve("nginx.conf");
        Files.writeString(file, main(folder, http));
        var command =
                List.of(
                        stage.machine.nginx().toString(),
                        "-p",
                        folder.toString(),
                        "-c",
                        file.toString(),
                        "-e",
                        folder.resolve("error.log").toString());
        return new Subject(name, port, command, Map.of());
    }

    private static String main(Path folder, String http) {
        // A master started by root hands its worker to another user, who could not write here.
        var user = System.getProperty("user.name").equals("root") ? "user root;\n" : "";
        return user
                + """
                worker_processes 1;
                worker_rlimit_nofile 8192;
                daemon off;
                pid %1$s/nginx.pid;
                error_log %1$s/error.log warn;
                events { worker_connections 8192; }
                http {
                    client_body_temp_path %1$s/body;
                    proxy_temp_path %1$s/proxy;
                    fastcgi_temp_path %1$s/fastcgi;
                    uwsgi_temp_path %1$s/uwsgi;
                    scgi_temp_path %1$s/scgi;
                    client_body_buffer_size 16m;
                    client_max_body_size 64m;
                    keepalive_requests 100000000;
                    tcp_nodelay on;
                """
                        .formatted(folder)
                + http
                + "}\n";
    }
}
