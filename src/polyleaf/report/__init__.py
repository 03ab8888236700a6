"""How what was found is told: one module a form."""
