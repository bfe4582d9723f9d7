"""The vendor API's answers: functions of a :class:`~mock_sma.sandbox.handlers.call.Call`, by API.

Handlers know the world and the wire. They know neither the table that names them nor who explains their answers.
"""
