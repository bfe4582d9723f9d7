"""The Monitoring API and BasicReporting (contract: MONITORING)."""
