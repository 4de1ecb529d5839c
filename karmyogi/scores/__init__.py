"""Monthly scores by published policy, sealed months and leaderboards."""
