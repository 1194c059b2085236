"""The demo community: the tenants' union of a town that does not exist, as plain data."""
