"""What goes wrong, in one tree.

    Exception
    ├── Problem              one line that may be shown: what is wrong and what is wanted
    │   ├── Refused          to a person in the conversation, who may put it otherwise
    │   │   ├── NotAllowed       settings/permissions: who may
    │   │   └── Contradicted     check/stating: facts that do not agree, by fact
    │   ├── FormErrors       check/form_submission: what is wrong in a form, by input
    │   ├── OldDraft         draft: an unfinished check of another release
    │   ├── NoCharts         chart_pictures: the library that draws them is not installed
    │   ├── NoDocuments      documents: the library that makes them is not installed
    │   ├── Malformed        incoming: a payload that no platform of ours sends
    │   └── Usage            usage: wrong use of the command line; ends with 2
    │       ├── Declined         understood, and refused; ends with 1
    │       └── NotReady         what is set will not do, a thing a line
    │           └── NotReached   a platform that does not answer
    ├── StoreError           storage/errors: NotFound, Invalid, OutOfOrder, Conflict, Duplicate, ReadOnly,
    │                        DiskFull, Busy, CannotOpen with NewerSchema, NotADatabase and InUse,
    │                        OlderSchema, Damaged, ServerGone, Unsettled; storage/secret_box: CannotUnseal;
    │                        each in one line that may be shown
    ├── ValueError           rules: InvalidFacts, NoEdition, QuantityError with Downwards; lines:
    │                        BadLine; importing: RowFails, a row of a file that fails
    ├── PostError, Failed    what a platform answered a face, never shown: Rejected, RateLimited,
    │                        Unauthorised, Later, Unsure; reminders/sending sorts them
    ├── OSError              serve: CannotListen, a port or an address is not to be had; hosts: ProxyError
    ├── NotTaken             a face: the bytes of a document are not there
    ├── TooLate              reminders/sending: nothing was sent, and the next worker sends it
    └── Forged, _Refuse      a request that is not the platform's own

Terminated (terminal/chat) is a signal, and no fault.
"""

from __future__ import annotations

# Characters of any one text that comes from a person. What is longer is no answer to anything, and is refused
# before any pattern looks at it.
LONGEST_TEXT = 20_000


class Problem(Exception):
    """One line that may be shown: what is wrong and what is wanted."""


class Refused(Problem):
    """`about` names the input of a form that it is about, where there is one."""

    def __init__(self, line: str, *, about: str = "") -> None:
        super().__init__(line)
        self.about = about
