"""The HTTP shell: vendor answers as bytes, the control API and the console as FastAPI."""
