"""Tests of kd_projector.measures, one file for each of its modules."""
