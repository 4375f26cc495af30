"""Plain arithmetic of risks: scores, exposure, published scales and taxonomies."""
