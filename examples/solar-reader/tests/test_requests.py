"""requests, against a real HTTP server on a free port."""

import pytest
import requests
from solar_reader import read_plants


@pytest.mark.sma(scenario="ennexos")
def test_plants(sma_server):
    assert read_plants(sma_server.url, sma_server.client_id, sma_server.client_secret) == ["2100", "2200"]


def test_a_wrong_secret_is_an_error(sma_server):
    with pytest.raises(requests.HTTPError, match="401"):
        read_plants(sma_server.url, sma_server.client_id, "wrong")
