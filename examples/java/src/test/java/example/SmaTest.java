package example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Worlds.class)
final class SmaTest {
    @Test
    void seesNoPlantBeforeTheOwnerConsents(World world) throws Exception {
        assertEquals(List.of(), world.sma.plants());
        world.consent("accept");
        assertEquals(9, world.sma.plants().size());
    }

    @Test
    void seesNoPlantOnceTheConsentIsRevoked(World world) throws Exception {
        world.consent("accept");
        assertEquals("13", world.sma.plants().get(0));
        world.consent("revoke");
        assertEquals(List.of(), world.sma.plants());
    }

    @Test
    void logsInAgainWhenTheTokenHasExpired(World world) throws Exception {
        world.consent("accept");
        world.sma.plants();
        world.advance(Duration.ofSeconds(301));
        assertEquals(9, world.sma.plants().size());
        assertEquals(List.of(200, 200, 401, 200, 200), world.statuses());
    }

    @Test
    void waitsAsLongAsSmaSaysWhenTheQuotaIsSpent(World world) throws Exception {
        world.consent("accept");
        world.spendQuota();
        assertEquals(9, world.sma.plants().size());
        assertTrue(world.statuses().contains(429));
    }

    @Test
    void addsUpTheEnergyOfADay(World world) throws Exception {
        world.consent("accept");
        assertTrue(world.sma.generated("13", "2025-06-14") > 10_000);
    }
}
