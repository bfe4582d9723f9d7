"""One world behind one function: ``Sandbox.handle(Request) -> Reply``. No IO."""
