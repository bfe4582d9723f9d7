// The client of openapi-generator's `java` with `library=native`: java.net.http and Jackson.
import java.net.http.HttpHeaders;
import java.util.List;
import java.util.LinkedHashMap;
import java.util.Map;
import org.openapitools.client.ApiClient;
import org.openapitools.client.ApiException;
import org.openapitools.client.api.AuthApi;
import org.openapitools.client.api.ConsentApi;
import org.openapitools.client.api.MonitoringApi;
import org.openapitools.client.model.ConsentChangeBody;
import org.openapitools.client.model.ConsentRequestBody;

public final class Client {
    interface Call {
        Object run() throws ApiException;
    }

    static ApiException refused(Call call) {
        try {
            call.run();
        } catch (ApiException error) {
            return error;
        }
        throw new IllegalStateException("not refused");
    }

    static ApiClient client(String bearer) {
        var client = new ApiClient();
        client.updateBaseUri(System.getenv("SMA_URL"));
        client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + bearer));
        return client;
    }

    public static void main(String[] arguments) throws Exception {
        var stranger = new MonitoringApi(client("nonsense"));
        int unauthorized = refused(() -> stranger.getPlants(null, null, null, null)).getCode();
        var token = new AuthApi(client("ignored"))
            .token("client_credentials", "demo_api", "demo_secret", null, null, null, null, null);
        var sma = client(token.getAccessToken());

        var consent = new ConsentApi(sma);
        var owner = System.getenv("OWNER");
        var asked = consent.requestConsent(new ConsentRequestBody().loginHint(owner)).getState();
        var answered = consent.simulateConsent(owner, new ConsentChangeBody().state("Accepted")).getState();
        var monitoring = new MonitoringApi(sma);
        var plants = monitoring.getPlants(null, null, null, null).getPlants();
        var id = plants.get(0).getPlantId();
        var day = monitoring.getPlantMeasurements(id, "EnergyBalance", "Day", "2025-06-14", null, null);
        var limited = refused(() -> monitoring.getDevices(id, null));
        HttpHeaders headers = limited.getResponseHeaders();

        Map<String, Object> read = new LinkedHashMap<>();
        read.put("unauthorized", unauthorized);
        read.put("consent", List.of(asked, answered));
        read.put("plants", plants.size());
        read.put("set", List.of(day.getSetType(), day.getResolution()));
        read.put("rows", day.getSet().size());
        read.put("noon", day.getSet().get(48).getPvGeneration());
        read.put("limited", List.of(limited.getCode(), headers.firstValueAsLong("Retry-After").getAsLong()));
        read.put("new word", monitoring.getPlantStatus(id).getStatus());
        System.out.println(ApiClient.createDefaultObjectMapper().writeValueAsString(read));
    }
}
