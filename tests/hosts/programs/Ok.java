import okhttp3.*;

public class Ok {
  public static void main(String[] arguments) throws Exception {
    var request = new Request.Builder().url("https://sandbox.smaapis.de/monitoring/v1/plants").build();
    System.out.println(new OkHttpClient().newCall(request).execute().code());
    System.exit(0);
  }
}
