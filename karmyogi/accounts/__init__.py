"""Who may sign in, what they may do, and the sessions they hold."""
