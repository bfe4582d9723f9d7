"""The table: every operation of the vendor API, one entry each, in the order of the documentation.

One file per API; a new operation is one entry in its API's file.
"""

from __future__ import annotations

from mock_sma.sandbox.operations.auth import AUTH
from mock_sma.sandbox.operations.consent import CONSENT
from mock_sma.sandbox.operations.documents import DOCUMENTS
from mock_sma.sandbox.operations.monitoring import MONITORING
from mock_sma.sandbox.operations.pages import PAGES
from mock_sma.sandbox.operations.portal import PORTAL
from mock_sma.sandbox.operations.reporting import REPORTING

OPERATIONS = (*AUTH, *CONSENT, *MONITORING, *REPORTING, *DOCUMENTS, *PAGES, *PORTAL)
