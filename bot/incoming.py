"""What a platform sends, read by models: unknown keys are left alone, and what is missing or of another form
is refused in a line that repeats nothing of what was sent."""

from __future__ import annotations

from typing import Annotated, Any, Self, TypeVar

from pydantic import AliasPath, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, WrapValidator
from pydantic_core import PydanticUseDefault

from bot.core.refused import Problem

T = TypeVar("T")


class Malformed(Problem, ValueError):
    """One line: what is missing or of the wrong form."""


class Incoming(BaseModel):
    """A part of a payload; its types are taken at their word."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True, hide_input_in_errors=True)

    @classmethod
    def read(cls, body: object) -> Self:
        """Raises Malformed."""
        try:
            return cls.model_validate(body)
        except ValidationError as error:
            wrong = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(str(part) for part in wrong["loc"])
        raise Malformed(f"{where} is missing" if wrong["type"] == "missing" else f"{where}: {wrong['msg']}")


def at(first: str, *path: str | int, default: Any = ...) -> Any:
    """A field of a model that stands further inside of the payload."""
    return Field(default, validation_alias=AliasPath(first, *path))


def _nothing(value: object) -> object:
    if value is None:
        raise PydanticUseDefault
    return value


def _or_default(value: Any, validate: Any) -> Any:
    try:
        return validate(value)
    except ValidationError:
        raise PydanticUseDefault from None


def _good_ones(values: object, validate: Any) -> Any:
    found = []
    for value in values if isinstance(values, list) else []:
        try:
            found += validate([value])
        except ValidationError:
            continue
    return tuple(found)


Text = Annotated[str, BeforeValidator(_nothing)]  # a text that may be null; beside a default
Needed = Annotated[str, Field(min_length=1)]
Maybe = Annotated[
    T, WrapValidator(_or_default)
]  # anything but a T is as if it were not there; beside a default
Some = Annotated[
    tuple[T, ...], Field(strict=False), WrapValidator(_good_ones)
]  # those of a list that are a T
