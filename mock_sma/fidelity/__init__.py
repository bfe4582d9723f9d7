"""How sure we are of each thing that is emulated: the ledger, and the page that is made from it."""

from mock_sma.fidelity.ledger import Ledger, LedgerRow, Standing, load_ledger

__all__ = ["Ledger", "LedgerRow", "Standing", "load_ledger"]
