"""The OpenAPI 3.1 description of the desk's API, made from the table that the router is made from.

The types are those that requests are read with and answers are written from, so the description
cannot say anything else than the server does.
"""

import re
from collections.abc import Sequence
from typing import Any

import msgspec

from handoff.endpoints import API, COOKIE, JSON, Endpoint
from handoff.problems import MEDIA_TYPE, Problem

REFS = "#/components/schemas/{name}"
NAMES = re.compile(r"\{(\w+)\}")


def document(endpoints: Sequence[Endpoint]) -> dict[str, Any]:
    """The description of these endpoints."""
    types: set[Any] = {Problem}
    types |= {kind for e in endpoints for kind in (e.body, e.query, e.answer) if kind}
    named = sorted((kind for kind in types if kind is not bytes), key=str)
    schemas, components = msgspec.json.schema_components(named, ref_template=REFS)
    schema_of = dict(zip(named, schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in endpoints:
        operation = _operation(endpoint, schema_of, components)
        paths.setdefault(API + endpoint.path, {})[endpoint.method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Frontline desk",
            "version": "1",
            "description": "What the agents' desk is made with. docs/dev/desk-api.md tells how.",
            "license": {"name": "GPL-3.0-or-later", "identifier": "GPL-3.0-or-later"},
        },
        "servers": [{"url": "/"}],
        "security": [{"session": []}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"session": {"type": "apiKey", "in": "cookie", "name": COOKIE}},
        },
    }


def _operation(
    endpoint: Endpoint, schema_of: dict[Any, Any], components: dict[str, Any]
) -> dict[str, Any]:
    name = getattr(endpoint.handler, "__name__", "")
    operation: dict[str, Any] = {
        "operationId": name,
        "summary": endpoint.summary,
        "parameters": _parameters(endpoint, schema_of, components),
        "responses": _responses(endpoint, schema_of),
    }
    if endpoint.roles:
        operation["description"] = f"For: {', '.join(endpoint.roles)}."
    else:
        operation["security"] = []
    if endpoint.body:
        content = {JSON: {"schema": schema_of[endpoint.body]}}
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _parameters(
    endpoint: Endpoint, schema_of: dict[Any, Any], components: dict[str, Any]
) -> list[dict[str, Any]]:
    found = [_parameter("path", name, required=True) for name in NAMES.findall(endpoint.path)]
    if endpoint.method != "GET" and endpoint.roles:
        found.append(_parameter("header", "X-CSRF-Token", required=True))
    if endpoint.method == "POST" and endpoint.roles and not endpoint.repeatable:
        found.append(_parameter("header", "Idempotency-Key", required=False))
    if endpoint.if_match:
        found.append(_parameter("header", "If-Match", required=True))
    if endpoint.query:
        kind = components[schema_of[endpoint.query]["$ref"].rpartition("/")[2]]
        required = kind.get("required", [])
        found += [
            _parameter("query", name, required=name in required, schema=schema)
            for name, schema in kind["properties"].items()
        ]
    return found


def _parameter(
    place: str, name: str, *, required: bool, schema: dict[str, Any] | None = None
) -> dict[str, Any]:
    return {"name": name, "in": place, "required": required, "schema": schema or {"type": "string"}}


def _responses(endpoint: Endpoint, schema_of: dict[Any, Any]) -> dict[str, Any]:
    problem = {
        "description": "A problem; `code` says which.",
        "content": {MEDIA_TYPE: {"schema": schema_of[Problem]}},
    }
    if endpoint.answer is bytes:
        done: dict[str, Any] = {"description": "The file.", "content": {endpoint.media_type: {}}}
        return {"200": done, "default": problem}
    if endpoint.answer:
        done = {"description": "Done.", "content": {JSON: {"schema": schema_of[endpoint.answer]}}}
        return {"200": done, "default": problem}
    return {"302" if "/oidc/" in endpoint.path else "204": {"description": "Done."},
            "default": problem}  # fmt: skip
