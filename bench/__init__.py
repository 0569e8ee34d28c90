"""The project's own measure: the full webhook beside a bare one, and where a turn's time goes."""
