"""What people and agents write down, as XML, JSON or Markdown: read into entries to be added."""
