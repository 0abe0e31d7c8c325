"""Sessions: rebuilt from the session state's versions, the entries and the commits."""
