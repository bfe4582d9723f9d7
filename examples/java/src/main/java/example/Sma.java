package example;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A client of SMA's sandbox. It knows nothing of an emulator: SMA's addresses are built in. */
public final class Sma {
    private static final URI TOKEN = URI.create("https://sandbox-auth.smaapis.de/oauth2/token");
    private static final String API = "https://sandbox.smaapis.de/monitoring/v1";

    /** Waits for as long as SMA says. */
    public interface Wait {
        void during(Duration span) throws IOException, InterruptedException;
    }

    private final HttpClient http = HttpClient.newHttpClient();
    private final String id;
    private final String secret;
    private final Wait wait;
    private String token;

    public Sma(String id, String secret, Wait wait) {
        this.id = id;
        this.secret = secret;
        this.wait = wait;
    }

    /** Return the ids of the plants that the client may see. */
    public List<String> plants() throws IOException, InterruptedException {
        var ids = new ArrayList<String>();
        for (JsonElement plant : get("/plants").getAsJsonArray("plants")) {
            ids.add(plant.getAsJsonObject().get("plantId").getAsString());
        }
        return ids;
    }

    /** Return the energy of a day [Wh], as the rows have it. */
    public double generated(String plant, String date) throws IOException, InterruptedException {
        var path = "/plants/%s/measurements/sets/EnergyBalance/Day?Date=%s&ReturnEnergyValues=true";
        double sum = 0;
        for (JsonElement row : get(path.formatted(plant, date)).getAsJsonArray("set")) {
            var value = row.getAsJsonObject().get("pvGeneration");
            sum += value == null ? 0 : value.getAsDouble();
        }
        return sum;
    }

    private JsonObject get(String path) throws IOException, InterruptedException {
        for (int attempt = 0; attempt < 4; attempt++) {
            if (token == null) {
                token = login();
            }
            var request = HttpRequest.newBuilder(URI.create(API + path)).header("Authorization", "Bearer " + token);
            var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            switch (answer.statusCode()) {
                case 200 -> {
                    return JsonParser.parseString(answer.body()).getAsJsonObject();
                }
                case 401 -> token = null;
                case 429 -> wait.during(Duration.ofSeconds(answer.headers().firstValueAsLong("Retry-After").orElse(300)));
                default -> throw new IOException("SMA answered " + answer.statusCode() + " to " + path);
            }
        }
        throw new IOException("SMA refused " + path + " again and again");
    }

    private String login() throws IOException, InterruptedException {
        var form = "grant_type=client_credentials&client_id=" + id + "&client_secret=" + secret;
        var request = HttpRequest.newBuilder(TOKEN)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form))
            .build();
        var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException("no token: " + answer.statusCode());
        }
        return JsonParser.parseString(answer.body()).getAsJsonObject().get("access_token").getAsString();
    }
}
