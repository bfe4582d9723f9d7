"""The OAuth2 side: tokens, sessions, grants, and the browser's part of the code flow."""
