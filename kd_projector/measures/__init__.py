"""Measures of representations: pure functions of embeddings (N, D), always of the embedding itself, never of a map.

The functions are in modules by subject and need torch; `catalogue` describes them without it.
"""
