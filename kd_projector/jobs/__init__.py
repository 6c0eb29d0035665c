"""Projections as jobs: which frames a log directory needs, what each one is made from, and the queue that makes them.

Everything here is light; the engines load in the worker processes alone.
"""
