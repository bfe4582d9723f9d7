package example;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A world of the emulator, for one test. */
final class World implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();
    // The server itself is not behind the proxy that leads to SMA's names.
    private static final HttpClient HTTP = HttpClient.newBuilder().proxy(HttpClient.Builder.NO_PROXY).build();

    final Sma sma;
    private final String path;
    private final String owner;

    World() throws IOException, InterruptedException {
        var name = "java-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();
        var wish = Map.of("name", name, "now", "2025-06-15T12:00:00+02:00");
        var made = JsonParser.parseString(control("POST", "/_mock/worlds", wish)).getAsJsonObject();
        path = "/_mock/worlds/" + made.get("name").getAsString();
        owner = first(made, "owners").get("email").getAsString();
        var client = first(made, "clients");
        // A wait takes no time: the world's clock goes on instead.
        sma = new Sma(client.get("client_id").getAsString(), client.get("client_secret").getAsString(), this::advance);
    }

    void consent(String event) throws IOException, InterruptedException {
        control("POST", path + "/consents/" + URLEncoder.encode(owner, StandardCharsets.UTF_8) + "/" + event, null);
    }

    void advance(Duration span) throws IOException, InterruptedException {
        control("POST", path + "/clock/advance", Map.of("seconds", span.toSeconds()));
    }

    void spendQuota() throws IOException, InterruptedException {
        var match = Map.of("path", "/monitoring/v1/*");
        control("POST", path + "/faults", Map.of("match", match, "effect", Map.of("quota_exhausted", true), "times", 1));
    }

    /** Return the statuses of all answers, the first one first. */
    List<Integer> statuses() throws IOException, InterruptedException {
        var statuses = new ArrayList<Integer>();
        for (var entry : JsonParser.parseString(control("GET", path + "/requests", null)).getAsJsonArray()) {
            statuses.add(entry.getAsJsonObject().get("status").getAsInt());
        }
        Collections.reverse(statuses);
        return statuses;
    }

    String report() throws IOException, InterruptedException {
        return control("GET", path + "/report", null);
    }

    @Override
    public void close() throws IOException, InterruptedException {
        control("DELETE", path, null);
    }

    private static JsonObject first(JsonObject made, String list) {
        return made.getAsJsonArray(list).get(0).getAsJsonObject();
    }

    private static String control(String method, String path, Object body) throws IOException, InterruptedException {
        var sent = body == null
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofString(new Gson().toJson(body));
        var request = HttpRequest.newBuilder(URI.create(System.getenv("MOCK_SMA_URL") + path))
            .method(method, sent)
            .header("Content-Type", "application/json")
            .build();
        var answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() >= 400) {
            throw new IOException(method + " " + path + ": " + answer.statusCode() + " " + answer.body());
        }
        return answer.body();
    }
}
