"""Officers' claims, each with a certificate image as its proof."""
