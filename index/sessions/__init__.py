"""What happened in every session: rebuilt from the session state's versions, the entries, the commits."""
