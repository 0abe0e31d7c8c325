"""Records that people and agents write as XML, JSON or Markdown: read into entries to be added."""
