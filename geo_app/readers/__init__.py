"""Files of a city become layers: one module for each family of formats."""
