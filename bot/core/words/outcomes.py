"""The outcomes as they stand in a sentence, and what every answer ends with. Nothing is imported: a look-up
ends so too, and has no time for zones and calendars."""

OUTCOMES = {
    "notify": "notify",
    "do_not_notify": "do not notify",
    "undecided": "undecided",
    "not_irmer": "not for IR(ME)R",
}
EMPLOYER_DECIDES = (
    "This supports a decision and is not one: the employer decides, and the medical physics expert (MPE) "
    "confirms."
)
