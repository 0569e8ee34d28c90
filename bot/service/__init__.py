"""Use cases, one file each: load, ask the core, apply the effects, commit."""
