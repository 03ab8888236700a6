"""Checks: functions that yield findings."""
