// The client of openapi-generator's `go`.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strconv"

	"sma"
)

func must[T any](value T, answer *http.Response, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func main() {
	config := sma.NewConfiguration()
	config.Servers = sma.ServerConfigurations{{URL: os.Getenv("SMA_URL")}}
	client, owner := sma.NewAPIClient(config), os.Getenv("OWNER")

	stranger := context.WithValue(context.Background(), sma.ContextAccessToken, "nonsense")
	_, unauthorized, err := client.MonitoringAPI.GetPlants(stranger).Execute()
	if err == nil {
		panic("not refused")
	}
	token := must(client.AuthAPI.Token(context.Background()).GrantType("client_credentials").
		ClientId("demo_api").ClientSecret("demo_secret").Execute())
	known := context.WithValue(context.Background(), sma.ContextAccessToken, token.GetAccessToken())

	asked := must(client.ConsentAPI.RequestConsent(known).
		ConsentRequestBody(*sma.NewConsentRequestBody(owner)).Execute())
	answered := must(client.ConsentAPI.SimulateConsent(known, owner).
		ConsentChangeBody(*sma.NewConsentChangeBody("Accepted")).Execute())
	plants := must(client.MonitoringAPI.GetPlants(known).Execute()).GetPlants()
	id := plants[0].GetPlantId()
	day := must(client.MonitoringAPI.GetPlantMeasurements(known, id, "EnergyBalance", "Day").
		Date("2025-06-14").Execute())
	_, limited, err := client.MonitoringAPI.GetDevices(known, id).Execute()
	if err == nil {
		panic("not refused")
	}
	retry, _ := strconv.Atoi(limited.Header.Get("Retry-After"))
	status := must(client.MonitoringAPI.GetPlantStatus(known, id).Execute())

	read, _ := json.Marshal(map[string]any{
		"unauthorized": unauthorized.StatusCode,
		"consent":      []string{asked.GetState(), answered.GetState()},
		"plants":       len(plants),
		"set":          []string{day.GetSetType(), day.GetResolution()},
		"rows":         len(day.GetSet()),
		"noon":         day.GetSet()[48].GetPvGeneration(),
		"limited":      []int{limited.StatusCode, retry},
		"new word":     status.GetStatus(),
	})
	fmt.Println(string(read))
}
