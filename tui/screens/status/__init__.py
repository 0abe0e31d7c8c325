"""Status: edits that are on disk and in no commit, and drafts."""
