"""httpx, sync and async, with SMA's own host names in the client."""

import pytest
from solar_reader import AsyncReader

PLANTS = ["13", "24", "35", "46", "57", "68", "79", "90", "101"]


@pytest.mark.sma(consent="accepted")
def test_reader_sees_what_the_owner_has_permitted(reader):
    assert reader.plants() == PLANTS


@pytest.mark.sma(consent="accepted")
async def test_async_reader_sees_the_same(sma_mock):
    async with AsyncReader(sma_mock.client_id, sma_mock.client_secret) as reader:
        assert await reader.plants() == PLANTS


def test_without_consent_the_list_is_empty_and_no_error(reader, sma_mock):
    assert reader.plants() == []
    assert "consent" in sma_mock.sandbox.requests[-1].why


@pytest.mark.sma(consent="accepted")
def test_reader_asks_no_more_than_it_has_to(reader, sma_mock):
    reader.measurements("13", "EnergyBalance", "Day", "2025-06-14")
    reader.measurements("24", "EnergyBalance", "Day", "2025-06-14")
    sma_mock.sandbox.requests.of("POST", "/oauth2/token").assert_count(1)
    sma_mock.sandbox.requests.assert_no_waste()
