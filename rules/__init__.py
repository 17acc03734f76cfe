"""What the guidance says. Pure: no I/O, no clock, no settings.

What the rest of the project needs of it:

- `rules.facts.FACTS`: every fact by its name, with its unit, its question and its answers.
- `rules.parsing.parse(raw, today)`: facts from plain values, such as "25 mSv" or a number in the unit of its
  fact (mSv, mGy, MBq, years, or none). Raises `rules.incident.InvalidFacts`: by fact, what is wrong, what is
  wanted.
- `rules.incident.Facts`: what is known: spans of exact decimals, sets of options; what is absent is unknown.
- `rules.decide.decide(facts)`: the `Verdict`, settled exactly when every way of filling in the rest agrees.
- `rules.contract.StoredVerdict`: a verdict as it is kept, read by the same attributes as a fresh one.
- `rules.planner.next_question(facts, skip)`: the facts to ask for next; none once the outcome is settled.
- `rules.agree.to_agree(facts, answered)`: what a person has yet to agree to before a verdict that nobody need
  be told.
- `rules.thresholds.look_up(words)`: the criteria by code, by word, or by intended dose.
- `rules.editions.edition_for(day)`: the guidance in force on a day of discovery; else `NoEdition`.
- `rules.readings.READINGS`: how passages that can be read in two ways are read.

Source: "Notification codes, categories and criteria", Care Quality Commission, 19 April 2023
(`rules.april_2023`).
"""
