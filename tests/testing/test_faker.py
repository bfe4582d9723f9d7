"""The Faker provider: forms, families, and the same again for the same seed."""

from __future__ import annotations

import subprocess
import sys

import pytest
from faker import Faker

from mock_sma.domain.plant import CLASSIC_ID, ENNEXOS_ID
from mock_sma.errors import UsageError
from mock_sma.scenario_file.templates import BUILT_IN
from mock_sma.testing.faker import FAMILIES, SmaProvider
from tests.server_process import environment


@pytest.fixture
def fake() -> SmaProvider:
    maker = Faker("de_DE")
    maker.seed_instance(7)
    return SmaProvider(maker.factories[0])


@pytest.mark.slow
def test_r19_ids_have_the_form_of_their_backend(fake: SmaProvider) -> None:
    for _ in range(50):
        assert ENNEXOS_ID.fullmatch(fake.sma_plant_id("ennexos"))
        assert CLASSIC_ID.fullmatch(fake.sma_plant_id("classic"))
        assert ENNEXOS_ID.fullmatch(either := fake.sma_plant_id()) or CLASSIC_ID.fullmatch(either)
    with pytest.raises(UsageError, match="no backend 'classik'; did you mean 'classic'"):
        fake.sma_plant_id("classik")


@pytest.mark.slow
def test_serials_and_products_keep_to_their_family(fake: SmaProvider) -> None:
    for family, (digits, products) in FAMILIES.items():
        assert fake.sma_serial(family).startswith(digits)
        assert len(fake.sma_serial(family)) == 10
        assert fake.sma_product(family) in products
    assert len({digits for digits, _ in FAMILIES.values()}) == len(FAMILIES)
    assert fake.sma_product() in [product for _, products in FAMILIES.values() for product in products]
    with pytest.raises(UsageError, match="no family 'inverters'; did you mean 'inverter'"):
        fake.sma_serial("inverters")


def test_products_are_those_of_the_templates() -> None:
    devices = [device for template in BUILT_IN.values() for device in template["devices"]]
    known = {(device["product"], device["product_id"]) for device in devices} | {("Remote Socket", 9111)}
    assert {product for _, products in FAMILIES.values() for product in products} <= known


def test_mails_belong_to_nobody_and_texts_have_a_level(fake: SmaProvider) -> None:
    for _ in range(30):
        assert fake.sma_owner_email().partition("@")[2] in ("example.org", "example.com", "example.net")
        assert fake.sma_log_level() in ("Info", "Warning", "Error", "Disturbance")
        assert fake.sma_event_text()
        assert fake.sma_plant_name()
    assert fake.sma_event_text("Error") in ("Device fault", "Grid failure", "Insulation resistance is low")
    with pytest.raises(UsageError, match="no level 'Eror'; did you mean 'Error'"):
        fake.sma_event_text("Eror")


def test_the_same_seed_gives_the_same_plant() -> None:
    def draw() -> tuple[str, ...]:
        maker = Faker()
        maker.add_provider(SmaProvider)
        maker.seed_instance(1)
        return maker.sma_plant_name(), maker.sma_guid(), maker.sma_serial(), maker.sma_owner_email()

    assert draw() == draw()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("module", "missing", "name"),
    [
        ("faker", "faker", "Faker"),
        ("strategies", "hypothesis", "Hypothesis"),
        ("machine", "hypothesis", "Hypothesis"),
    ],
)
def test_what_is_not_installed_is_named_with_the_way_to_install_it(module: str, missing: str, name: str) -> None:
    code = f"import sys; sys.modules[{missing!r}] = None\nimport mock_sma.testing.{module}"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, env=environment()
    )
    assert result.stderr.splitlines()[-1] == (
        f"ImportError: mock_sma.testing.{module} needs {name}: pip install {name.lower()}"
    )
