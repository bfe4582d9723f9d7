package example;

import java.util.Map;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/** One server for all tests; it is removed when the virtual machine ends. */
final class Server {
    private static final GenericContainer<?> CONTAINER =
            new GenericContainer<>(DockerImageName.parse("mock-sma"))
                    .withEnv(Map.of(
                            "MOCK_SMA_SCENARIO", "sandbox",
                            "MOCK_SMA_NOW", "2025-06-15T12:00:00+02:00",
                            "MOCK_SMA_RATE", "0")) // the clock stands still
                    .withExposedPorts(8080)
                    .waitingFor(Wait.forHttp("/_mock/ready").forPort(8080).forStatusCode(200));

    static {
        CONTAINER.start();
    }

    private Server() {}

    static String url() {
        return "http://" + CONTAINER.getHost() + ":" + CONTAINER.getMappedPort(8080);
    }
}
