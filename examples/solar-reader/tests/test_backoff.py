"""429: the reader waits as long as it is told, and no longer. The clock is the emulator's, so the test does not."""

import httpx
import pytest


@pytest.mark.sma(consent="accepted", quota={"requests": 5, "window": 300})
def test_reader_waits_as_long_as_it_is_told(reader, sma_mock):
    start = sma_mock.sandbox.clock.time()
    for _ in range(8):
        assert len(reader.plants()) == 9
    sma_mock.sandbox.requests.of(status=429).assert_count(1)
    assert sma_mock.sandbox.clock.time() - start == pytest.approx(300, abs=1)


@pytest.mark.sma(consent="accepted", quota={"requests": 0})
def test_reader_gives_up_in_the_end(reader, sma_mock):
    with pytest.raises(httpx.HTTPStatusError, match="429"):
        reader.plants()
    sma_mock.sandbox.requests.of("GET", "/v1/plants").assert_count(4)


@pytest.mark.sma(consent="accepted")
def test_one_refusal_out_of_the_blue(reader, sma_mock):
    sma_mock.sandbox.faults.add({"match": {"path": "/v1/plants"}, "effect": {"quota_exhausted": True}, "times": 1})
    assert len(reader.plants()) == 9
    assert sma_mock.sandbox.requests.of("GET", "/v1/plants").statuses == [429, 200]
