"""SMA's host names lead here: in this process, in the programs that it starts, in any program (docs/hosts.md)."""
