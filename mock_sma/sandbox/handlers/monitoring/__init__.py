"""The Monitoring API and BasicReporting."""
