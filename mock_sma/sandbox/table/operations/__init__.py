"""The table: every operation of the vendor API, one entry each, in the order of the documentation.

One file per API; a new operation is one entry in its API's file.
"""

from __future__ import annotations

from mock_sma.sandbox.table.operations.auth import AUTH
from mock_sma.sandbox.table.operations.consent import CONSENT
from mock_sma.sandbox.table.operations.documents import DOCUMENTS
from mock_sma.sandbox.table.operations.monitoring import MONITORING
from mock_sma.sandbox.table.operations.pages import PAGES
from mock_sma.sandbox.table.operations.portal import PORTAL
from mock_sma.sandbox.table.operations.reporting import REPORTING

OPERATIONS = (*AUTH, *CONSENT, *MONITORING, *REPORTING, *DOCUMENTS, *PAGES, *PORTAL)
