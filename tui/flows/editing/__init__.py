"""Flows of a change: a form, its plan, the review, and the outcome."""
