package example

import (
	"encoding/json"
	"net/http"
	"net/url"
	"testing"
)

const owner = "apiTestUser@apiSandbox.com"

var client = url.Values{"grant_type": {"client_credentials"}, "client_id": {"demo_api"}, "client_secret": {"demo_secret"}}

func TestAnOwnerWhoAcceptsOpensHerPlants(t *testing.T) {
	address := start(t)
	answer, err := http.Post(address+"/_mock/consents/"+owner+"/accept", "application/json", nil)
	read(t, answer, err, new(any))

	var token struct {
		Access string `json:"access_token"`
	}
	answer, err = http.PostForm(address+"/oauth2/token", client)
	read(t, answer, err, &token)

	request, _ := http.NewRequest(http.MethodGet, address+"/monitoring/v1/plants", nil)
	request.Header.Set("Authorization", "Bearer "+token.Access)
	var list struct{ Plants []struct{ PlantID string } }
	answer, err = http.DefaultClient.Do(request)
	read(t, answer, err, &list)
	if len(list.Plants) != 9 {
		t.Fatalf("%d plants", len(list.Plants))
	}
}

// read puts the answer's JSON into found.
func read(t *testing.T, answer *http.Response, err error, found any) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s", answer.Request.URL, answer.Status)
	}
	if err := json.NewDecoder(answer.Body).Decode(found); err != nil {
		t.Fatal(err)
	}
}
