"""Changes rules/ in small ways, one at a time, and says which changes no test notices: `make mutants`.

mutmut makes the changes; `trials` runs the tests against them. docs/mutants.md says what came of it, with the
reasons in reasons.toml for the changes that survive.
"""
