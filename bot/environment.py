"""What the environment says, read by models. Whatever is wrong is named by its variable; no value is ever
repeated, and a secret is shown by no repr and no error."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from bot.usage import NotReady


class FromEnvironment(BaseModel):
    """A field's `validation_alias` is its variable; what is set to nothing is not set."""

    model_config = ConfigDict(
        frozen=True, extra="ignore", populate_by_name=True, hide_input_in_errors=True,
        str_strip_whitespace=True,
    )  # fmt: skip

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Self:
        """Raises NotReady."""
        try:
            return cls.model_validate({name: value for name, value in environment.items() if value.strip()})
        except ValidationError as error:
            lines = tuple(map(_line, error.errors(include_url=False, include_input=False)))
        raise NotReady(*lines)  # beyond the other error, which knows the input


def wrong(line: str) -> PydanticCustomError:
    """For a validator to raise: what is wrong, after the variable's name where it is about one."""
    return PydanticCustomError("wrong", line)


def _line(error: ErrorDetails) -> str:
    name = str(error["loc"][-1]) if error["loc"] else ""
    said = "is not set" if error["type"] == "missing" else error["msg"]
    return f"{name} {said}" if name.isupper() else said
