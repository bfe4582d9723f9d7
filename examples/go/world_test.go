package example

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"sync/atomic"
	"testing"
	"time"
)

var count atomic.Int64

// direct goes round the proxy that leads to SMA's names: the server itself is not behind it.
var direct = http.Client{Transport: &http.Transport{}}

// world is a world of the emulator, for one test.
type world struct {
	t           *testing.T
	path, owner string
	sma         *Sma
}

// newWorld makes a world that ends with the test; where the test fails, its report is printed before.
func newWorld(t *testing.T) *world {
	t.Helper()
	var made struct {
		Name    string
		Clients []struct {
			ID     string `json:"client_id"`
			Secret string `json:"client_secret"`
		}
		Owners []struct{ Email string }
	}
	name := fmt.Sprintf("go-%d-%d", os.Getpid(), count.Add(1))
	world := &world{t: t}
	wish := map[string]any{"name": name, "now": "2025-06-15T12:00:00+02:00"}
	if err := json.Unmarshal(world.control(http.MethodPost, "/_mock/worlds", wish), &made); err != nil {
		t.Fatal(err)
	}
	world.path = "/_mock/worlds/" + made.Name
	world.owner = url.PathEscape(made.Owners[0].Email)
	// A wait takes no time: the world's clock goes on instead.
	world.sma = &Sma{ID: made.Clients[0].ID, Secret: made.Clients[0].Secret, Wait: world.advance}
	t.Cleanup(func() {
		if t.Failed() {
			t.Log("\n" + string(world.control(http.MethodGet, world.path+"/report", nil)))
		}
		world.control(http.MethodDelete, world.path, nil)
	})
	return world
}

func (world *world) consent(event string) {
	world.control(http.MethodPost, world.path+"/consents/"+world.owner+"/"+event, nil)
}

func (world *world) advance(span time.Duration) {
	world.control(http.MethodPost, world.path+"/clock/advance", map[string]any{"seconds": span.Seconds()})
}

func (world *world) spendQuota() {
	rule := `{"match": {"path": "/monitoring/v1/*"}, "effect": {"quota_exhausted": true}, "times": 1}`
	world.control(http.MethodPost, world.path+"/faults", json.RawMessage(rule))
}

// statuses returns the statuses of all answers, the first one first.
func (world *world) statuses() []int {
	var entries []struct{ Status int }
	if err := json.Unmarshal(world.control(http.MethodGet, world.path+"/requests", nil), &entries); err != nil {
		world.t.Fatal(err)
	}
	statuses := make([]int, len(entries))
	for at, entry := range entries {
		statuses[len(entries)-1-at] = entry.Status
	}
	return statuses
}

func (world *world) control(method, path string, body any) []byte {
	world.t.Helper()
	var sent io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			world.t.Fatal(err)
		}
		sent = bytes.NewReader(text)
	}
	request, err := http.NewRequest(method, os.Getenv("MOCK_SMA_URL")+path, sent)
	if err != nil {
		world.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	answer, err := direct.Do(request)
	if err != nil {
		world.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode >= 400 {
		world.t.Fatalf("%s %s: %s %s %v", method, path, answer.Status, text, err)
	}
	return text
}
