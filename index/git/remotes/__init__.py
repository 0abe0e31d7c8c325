"""The other repositories: fetch, push, and how far they are apart."""
