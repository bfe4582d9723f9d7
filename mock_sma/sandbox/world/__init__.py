"""The state of one world, in books that know nothing of one another's callers: no call, no handler, no HTTP.

A book takes what it uses, such as the clock, the estate or the clients; a
:class:`~mock_sma.sandbox.world.world.World` makes them all.
"""
