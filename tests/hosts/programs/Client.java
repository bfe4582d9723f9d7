import java.net.*;
import java.net.http.*;

public class Client {
  public static void main(String[] arguments) throws Exception {
    var url = URI.create("https://sandbox.smaapis.de/monitoring/v1/plants");
    var request = HttpRequest.newBuilder(url).build();
    var answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    var older = (HttpURLConnection) url.toURL().openConnection();
    System.out.println(answer.statusCode() + " " + older.getResponseCode());
  }
}
