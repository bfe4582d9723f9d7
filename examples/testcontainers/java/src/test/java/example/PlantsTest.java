package example;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;

final class PlantsTest {
    private static final String OWNER = "apiTestUser@apiSandbox.com";
    private static final String CLIENT = "grant_type=client_credentials&client_id=demo_api&client_secret=demo_secret";
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @Test
    void anOwnerWhoAcceptsOpensHerPlants() throws Exception {
        json(to("/_mock/consents/" + OWNER + "/accept").POST(BodyPublishers.noBody()));
        var form = to("/oauth2/token").header("Content-Type", "application/x-www-form-urlencoded");
        var token = json(form.POST(BodyPublishers.ofString(CLIENT))).getAsJsonObject().get("access_token").getAsString();
        var plants = json(to("/monitoring/v1/plants").header("Authorization", "Bearer " + token));
        assertEquals(9, plants.getAsJsonObject().getAsJsonArray("plants").size());
    }

    private static HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create(Server.url() + path));
    }

    private static JsonElement json(HttpRequest.Builder request) throws IOException, InterruptedException {
        var answer = HTTP.send(request.build(), BodyHandlers.ofString());
        assertEquals(200, answer.statusCode(), answer.body());
        return JsonParser.parseString(answer.body());
    }
}
