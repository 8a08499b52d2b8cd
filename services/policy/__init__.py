"""The judge: decides what each event means under the rules, and why."""
