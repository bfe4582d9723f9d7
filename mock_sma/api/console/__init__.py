"""The web console: server-rendered pages, a little script, nothing from another host (docs/console.md)."""
