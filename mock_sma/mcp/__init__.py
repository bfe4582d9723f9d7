"""A server of the Model Context Protocol: an agent or an editor asks a running emulator what its program did, and why.

It needs the extra ``mcp``; nothing else of the package imports it.
"""
