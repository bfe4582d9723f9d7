"""Rules and values of SMA's world: plants, people, periods, consent. No IO, no clock, no HTTP."""
