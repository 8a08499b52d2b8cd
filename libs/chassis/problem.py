"""What went wrong with a request, in one shape: ``application/problem+json`` (RFC 9457)."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

MEDIA_TYPE = "application/problem+json"
CODES = {400: "bad_request", 404: "not_found", 405: "method_not_allowed"}


class Fault(BaseModel):
    """One thing that is wrong with the request."""

    where: str = Field(description="the place in the request, such as `body.amount`")
    reason: str = Field(description="what is wrong with it")


class Problem(BaseModel):
    """Why a request was not answered as asked (RFC 9457)."""

    code: str = Field(description="stable word for programs")
    title: str = Field(description="the same for people")
    status: int = Field(description="the HTTP status")
    detail: str = Field(description="what was wrong this time")
    errors: list[Fault] = Field(description="every fault found, when there are several places")


class ApiError(Exception):
    """The answer to a request that is not carried out.

    ``code`` is a stable word in snake case that programs may rely on; ``errors`` are pairs of the
    place in the request and what is wrong there.
    """

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        errors: Iterable[tuple[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.errors = [Fault(where=where, reason=reason) for where, reason in errors]
        self.headers = dict(headers or {})


def install(app: FastAPI) -> None:
    """Answer every failure of ``app`` with a problem, and describe that in its OpenAPI."""
    app.add_exception_handler(ApiError, _answer_api_error)
    app.add_exception_handler(RequestValidationError, _answer_invalid)
    app.add_exception_handler(HTTPException, _answer_http)
    app.router.responses = {"default": {"model": Problem, "description": "Why it was not done."}}


def respond(fault: ApiError) -> JSONResponse:
    """Return the problem as a response."""
    problem = Problem(
        code=fault.code,
        title=HTTPStatus(fault.status).phrase,
        status=fault.status,
        detail=fault.detail,
        errors=fault.errors,
    )
    return JSONResponse(
        problem.model_dump(), fault.status, headers=fault.headers, media_type=MEDIA_TYPE
    )


def describe(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the OpenAPI document with every failure as a problem and nothing else."""
    for path in schema.get("paths", {}).values():
        for operation in path.values():
            responses = operation["responses"]
            responses.pop("422", None)
            for status, response in responses.items():
                if status == "default" or status >= "400":
                    reference = {"$ref": "#/components/schemas/Problem"}
                    response["content"] = {MEDIA_TYPE: {"schema": reference}}
    schemas = schema.get("components", {}).get("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    return schema


async def _answer_api_error(_: Request, fault: Exception) -> JSONResponse:
    assert isinstance(fault, ApiError)
    return respond(fault)


async def _answer_invalid(_: Request, fault: Exception) -> JSONResponse:
    assert isinstance(fault, RequestValidationError)
    found = [(".".join(str(part) for part in each["loc"]), each["msg"]) for each in fault.errors()]
    return respond(ApiError(422, "invalid_request", "the request is not valid", errors=found))


async def _answer_http(_: Request, fault: Exception) -> JSONResponse:
    assert isinstance(fault, HTTPException)
    code = CODES.get(fault.status_code, f"http_{fault.status_code}")
    headers = fault.headers
    return respond(ApiError(fault.status_code, code, str(fault.detail), headers=headers))
