"""The Monitoring API: plants, devices, measurements, logs."""
