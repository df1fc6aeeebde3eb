"""The calendar of a village's records: which are expected when, which papers they are, and what is still open.

Plain values and pure functions: no clock, no file, no database. Expected is not accused: what is not there is 未见.
"""
