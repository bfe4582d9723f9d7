package example

import (
	"reflect"
	"slices"
	"testing"
	"time"
)

func (world *world) sees(count int) {
	world.t.Helper()
	plants, err := world.sma.Plants()
	if err != nil || len(plants) != count {
		world.t.Fatalf("sees %v, %v; should see %d plants", plants, err, count)
	}
}

func TestSeesNoPlantBeforeTheOwnerConsents(t *testing.T) {
	t.Parallel()
	world := newWorld(t)
	world.sees(0)
	world.consent("accept")
	world.sees(9)
}

func TestSeesNoPlantOnceTheConsentIsRevoked(t *testing.T) {
	t.Parallel()
	world := newWorld(t)
	world.consent("accept")
	world.sees(9)
	world.consent("revoke")
	world.sees(0)
}

func TestLogsInAgainWhenTheTokenHasExpired(t *testing.T) {
	t.Parallel()
	world := newWorld(t)
	world.consent("accept")
	world.sees(9)
	world.advance(301 * time.Second)
	world.sees(9)
	if statuses := world.statuses(); !reflect.DeepEqual(statuses, []int{200, 200, 401, 200, 200}) {
		t.Error(statuses)
	}
}

func TestWaitsAsLongAsSmaSaysWhenTheQuotaIsSpent(t *testing.T) {
	t.Parallel()
	world := newWorld(t)
	world.consent("accept")
	world.spendQuota()
	world.sees(9)
	if !slices.Contains(world.statuses(), 429) {
		t.Error("no 429")
	}
}

func TestAddsUpTheEnergyOfADay(t *testing.T) {
	t.Parallel()
	world := newWorld(t)
	world.consent("accept")
	if energy, err := world.sma.Generated("13", "2025-06-14"); err != nil || energy < 10_000 {
		t.Error(energy, err)
	}
}
