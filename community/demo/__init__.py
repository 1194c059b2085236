"""What the demo community is made of that no person has to write: its pictures."""
