"""The table of operations, and what follows from it: routes, the OpenAPI document, the facts of the ledger."""
