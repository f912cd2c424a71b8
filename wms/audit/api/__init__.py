"""Audit over HTTP: the comparison and its signatures, tasks and statements, approvals."""
