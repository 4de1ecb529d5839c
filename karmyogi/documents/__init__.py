"""Documents the State issues: frozen facts, a verification code, and the page anyone may open."""
