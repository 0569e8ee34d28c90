"""Pages for people: forms to use cases, no logic."""
