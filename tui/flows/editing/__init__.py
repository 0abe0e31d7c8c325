"""Flows of a change: a form, its plan, the review, and what came of it."""
