"""Pages for people: login, consent screen, portal. Plain HTML forms, no scripts, no asset from elsewhere.

They are answered by ``Sandbox.handle`` as everything else, so they work in process too. ``style.css`` begins with
the design's tokens (colours, spaces), which other pages of the project may take over.
"""
