"""Reads plants and energies from SMA's Monitoring API."""

from solar_reader.auth import SmaAuth
from solar_reader.collector import Collector
from solar_reader.days import Hour, hours_of
from solar_reader.legacy import read_plants
from solar_reader.readers import AsyncReader, Hosts, Reader
from solar_reader.store import Store

__all__ = ["AsyncReader", "Collector", "Hosts", "Hour", "Reader", "SmaAuth", "Store", "hours_of", "read_plants"]
