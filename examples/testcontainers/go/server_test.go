package example

import (
	"context"
	"testing"

	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/wait"
)

// start gives the address of a server that ends with the test.
func start(t *testing.T) string {
	t.Helper()
	ctx := context.Background()
	server, err := testcontainers.Run(ctx, "mock-sma",
		testcontainers.WithEnv(map[string]string{
			"MOCK_SMA_SCENARIO": "sandbox",
			"MOCK_SMA_NOW":      "2025-06-15T12:00:00+02:00",
			"MOCK_SMA_RATE":     "0", // the clock stands still
		}),
		testcontainers.WithExposedPorts("8080/tcp"),
		testcontainers.WithWaitStrategy(wait.ForHTTP("/_mock/ready").WithPort("8080/tcp")),
	)
	testcontainers.CleanupContainer(t, server)
	if err != nil {
		t.Fatal(err)
	}
	address, err := server.PortEndpoint(ctx, "8080/tcp", "http")
	if err != nil {
		t.Fatal(err)
	}
	return address
}
