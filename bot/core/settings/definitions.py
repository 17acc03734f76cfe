"""What a hospital sets for itself: one model of what is kept, with the words of each setting.

A setting is one field of `TenantSettings`: its type is what is kept, its `SettingWords` how it is read and
said.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
)

from bot.core.cards import InputKind
from bot.core.refused import Refused
from bot.core.settings.quiet_days import WANTED, QuietDays, kept_quiet_days
from bot.core.settings.setting_kinds import (
    LOCAL_WANTED,
    OWNER_REMINDERS_WANTED,
    PING_DAYS_WANTED,
    READERS_WANTED,
    YES_OR_NO_WANTED,
    Asker,
    Channel,
    DeadlineName,
    Email,
    Line,
    People,
    SettingWords,
    Telephone,
    as_also_to_owner,
    as_days,
    as_hour,
    as_local,
    as_minutes,
    as_nation,
    as_quiet,
    as_readers,
    as_tuple,
    as_yes_or_no,
    comma,
    from_to,
    kept_for,
    of_channel,
    of_days,
    of_ours,
    of_people,
    whole,
    with_the_day_itself,
)
from rules.authorities import NATION_NAMES

ROLES = ("mpe", "rps", "governance")


class TenantSettings(BaseModel):
    """The settings of one tenant as they are kept in the store, each with what holds until it is set."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True, strict=True)

    nation: Annotated[
        Literal["", "england", "wales", "scotland", "northern_ireland"],
        SettingWords(
            "Nation",
            "England, Wales, Scotland or Northern Ireland",
            f"nation wants one of: {', '.join(NATION_NAMES.values())}",
            as_nation,
            lambda value: NATION_NAMES.get(value, "not set"),
        ),
    ] = ""
    organisation: Annotated[Line, of_ours("Organisation", "the employer, as its authority knows it")] = ""
    organisation_type: Annotated[
        Line,
        of_ours("Type of organisation", "such as NHS acute trust, independent hospital, dental practice"),
    ] = ""
    provider_id: Annotated[Line, of_ours("Provider or location id", "as the authority gave it")] = ""
    contact_name: Annotated[
        Line, of_ours("Contact's name", "of whoever answers the authority's inspector")
    ] = ""
    contact_role: Annotated[Line, of_ours("Contact's role", "such as radiation protection adviser")] = ""
    contact_email: Annotated[
        Email,
        of_ours("Contact's e-mail", "best of a role, such as irmer@trust.nhs.uk",
                 "an e-mail address is wanted, such as irmer@trust.nhs.uk, or none"),
    ] = ""  # fmt: skip
    contact_telephone: Annotated[
        Telephone,
        of_ours("Contact's telephone", "such as 0151 496 0000 ext 12",
                 "a telephone number is wanted, such as 0151 496 0000 ext 12, or none"),
    ] = ""  # fmt: skip
    ask_here: Annotated[
        Line, of_ours("Whom to ask here", "shown with every verdict, such as MPE on call: bleep 0450")
    ] = ""
    incidents_channel: Annotated[Channel, of_channel("Incidents channel", "where kept cases are posted")] = (
        None
    )
    fallback_channel: Annotated[
        Channel, of_channel("Fallback channel", "where pings go that cannot be delivered")
    ] = None
    escalation_channel: Annotated[
        Channel, of_channel("Escalation channel", "where overdue pings go as well")
    ] = None
    governance_channel: Annotated[
        Channel,
        of_channel("Governance channel", "for the weekly digest, and a daily line on the audit trail"),
    ] = None
    ping_days: Annotated[
        tuple[Annotated[int, whole(0, 84)], ...],
        BeforeValidator(as_tuple),
        AfterValidator(with_the_day_itself),
        SettingWords("Ping days before", "such as 7, 3, 1, 0", PING_DAYS_WANTED, as_days, comma),
    ] = (7, 3, 1, 0)
    ping_hour: Annotated[
        time,
        Field(strict=False),
        SettingWords(
            "Ping hour",
            "UK time, such as 09:00",
            "the ping hour wants a time of day, such as 09:00",
            as_hour,
            "{:%H:%M}".format,
        ),
    ] = time(9)
    ping_spread: Annotated[
        int,
        whole(0, 10),
        SettingWords(
            "Ping spread",
            "how many minutes after the ping hour reminders may leave, 0 to 10: each organisation at its own",
            "the ping spread wants a number of minutes from 0 to 10",
            as_minutes,
            "{} minutes".format,
        ),
    ] = 0
    owner_reminders: Annotated[
        bool,
        SettingWords(
            "Reminders also to the owner",
            "no; or also by direct message: what goes to a channel comes to the case's owner as well",
            OWNER_REMINDERS_WANTED,
            as_also_to_owner,
            lambda value: "also by direct message" if value else "no",
        ),
    ] = False
    quiet_days: Annotated[
        QuietDays,
        PlainValidator(kept_quiet_days),
        SettingWords(
            "Quiet days",
            "such as sat-sun, 24 December to 2 January, bank holidays in England",
            WANTED,
            as_quiet,
            lambda value: comma(value.words),
        ),
    ] = QuietDays()
    mpe_days: Annotated[
        int, whole(0, 14), of_days("MPE's estimate due", "days from opening", "the estimate", 0, 14)
    ] = 2
    confirm_days: Annotated[
        int, whole(1, 84), of_days("Confirmation due", "days from keeping", "the confirmation", 1, 84)
    ] = 7
    learning_days: Annotated[
        int, whole(1, 366), of_days("Learning due", "days from keeping", "the learning", 1, 366)
    ] = 28
    retention_drafts: Annotated[
        int | None, from_to(1, 3650),
        kept_for("Drafts kept", "days after the last answer, or none: for good", "drafts", "days", 1, 3650),
    ] = None  # fmt: skip
    retention_deliveries: Annotated[
        int, whole(7, 366),
        of_days("Deliveries remembered", "days in which a delivery that comes again is known", "deliveries",
                 7, 366),
    ] = 30  # fmt: skip
    retention_cases: Annotated[
        int | None, from_to(10, 100),
        kept_for("Closed cases kept", "years after the last thing that was done, or none: for good", "cases",
                  "years", 10, 100),
    ] = None  # fmt: skip
    retention_records: Annotated[
        int | None, from_to(10, 100),
        kept_for("Records kept", "years after the last thing that was done, or none: for good", "records",
                  "years", 10, 100),
    ] = None  # fmt: skip
    local_deadlines: Annotated[
        Mapping[DeadlineName, Annotated[int, whole(0, 366)]],
        SettingWords(
            "Local deadlines",
            "name: days from discovery, such as 72-hour report: 3",
            LOCAL_WANTED,
            as_local,
            lambda value: ", ".join(f"{name}: {days}" for name, days in value.items()) or "none",
        ),
    ] = {}
    role_mpe: Annotated[People, of_people("Medical physics experts")] = ()
    role_rps: Annotated[People, of_people("Radiation protection supervisors")] = ()
    role_governance: Annotated[People, of_people("Governance leads")] = ()
    confirm_own: Annotated[
        bool,
        SettingWords(
            "May confirm what they kept themselves",
            "no; yes where a department is too small for two, and each such confirmation says so",
            YES_OR_NO_WANTED,
            as_yes_or_no,
            lambda value: "yes" if value else "no",
        ),
    ] = False
    may_read: Annotated[
        Literal["everybody"] | People,
        SettingWords(
            "May read cases and records",
            "everybody, or named: owners, whoever gave facts, roles, and the people after it",
            READERS_WANTED,
            as_readers,
            lambda value: value if value == "everybody" else ", ".join(("named", *value)),
        ),
    ] = "everybody"
    may_close: Annotated[People, of_people("May close cases")] = ()
    may_export: Annotated[People, of_people("May export")] = ()
    may_settings: Annotated[People, of_people("May change settings")] = ()


SETTINGS: Mapping[str, SettingWords] = {
    key: next(one for one in field.metadata if isinstance(one, SettingWords))
    for key, field in TenantSettings.model_fields.items()
}


# Those that name people: `may_read` beside those whom it concerns.
OF_PEOPLE = (*(key for key, words in SETTINGS.items() if words.kind is InputKind.USERS), "may_read")


def read_setting(key: str, text: str, asker: Asker) -> Any:
    """What is to be kept, as JSON has it, of what was typed for a setting; None for `default`. Raises
    Refused."""
    if text.strip().lower() == "default":
        return None
    try:
        value = SETTINGS[key].read(text.strip(), asker)
        TenantSettings.model_validate({key: value})
    except (ValueError, KeyError):
        raise Refused(SETTINGS[key].wanted) from None
    return value
