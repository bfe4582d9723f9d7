"""Documents about the API at the real sandbox's addresses: the swagger document and its user interface."""
