// Package example is a client of SMA's sandbox. It knows nothing of an emulator: SMA's addresses are built in.
package example

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

const (
	tokenURL = "https://sandbox-auth.smaapis.de/oauth2/token"
	api      = "https://sandbox.smaapis.de/monitoring/v1"
)

// Sma asks for plants and energies as one client of the custom flow.
type Sma struct {
	ID, Secret string
	// Wait waits for as long as SMA says; nil: time.Sleep.
	Wait  func(time.Duration)
	token string
}

// Plants returns the ids of the plants that the client may see.
func (sma *Sma) Plants() ([]string, error) {
	var body struct{ Plants []struct{ PlantID string } }
	if err := sma.get("/plants", &body); err != nil {
		return nil, err
	}
	ids := make([]string, 0, len(body.Plants))
	for _, plant := range body.Plants {
		ids = append(ids, plant.PlantID)
	}
	return ids, nil
}

// Generated returns the energy of a day [Wh], as the rows have it.
func (sma *Sma) Generated(plant, date string) (sum float64, err error) {
	var body struct{ Set []struct{ PvGeneration float64 } }
	path := "/plants/" + plant + "/measurements/sets/EnergyBalance/Day?Date=" + date + "&ReturnEnergyValues=true"
	err = sma.get(path, &body)
	for _, row := range body.Set {
		sum += row.PvGeneration
	}
	return sum, err
}

func (sma *Sma) get(path string, body any) error {
	for attempt := 0; attempt < 4; attempt++ {
		if sma.token == "" {
			if err := sma.login(); err != nil {
				return err
			}
		}
		request, err := http.NewRequest(http.MethodGet, api+path, nil)
		if err != nil {
			return err
		}
		request.Header.Set("Authorization", "Bearer "+sma.token)
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			return err
		}
		text, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		switch {
		case err != nil:
			return err
		case answer.StatusCode == http.StatusOK:
			return json.Unmarshal(text, body)
		case answer.StatusCode == http.StatusUnauthorized:
			sma.token = ""
		case answer.StatusCode == http.StatusTooManyRequests:
			sma.wait(answer.Header.Get("Retry-After"))
		default:
			return fmt.Errorf("SMA answered %s to %s", answer.Status, path)
		}
	}
	return fmt.Errorf("SMA refused %s again and again", path)
}

func (sma *Sma) wait(retryAfter string) {
	seconds, err := strconv.Atoi(retryAfter)
	if err != nil {
		seconds = 300
	}
	wait := sma.Wait
	if wait == nil {
		wait = time.Sleep
	}
	wait(time.Duration(seconds) * time.Second)
}

func (sma *Sma) login() error {
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {sma.ID}, "client_secret": {sma.Secret}}
	answer, err := http.PostForm(tokenURL, form)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("no token: %s", answer.Status)
	}
	var body struct {
		Token string `json:"access_token"`
	}
	err = json.NewDecoder(answer.Body).Decode(&body)
	sma.token = body.Token
	return err
}
