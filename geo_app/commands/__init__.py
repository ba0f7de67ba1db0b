"""One file per command; `geo_app.cli` loads a file only when its command is called."""
