"""The description says what the server does."""

import json
from typing import Any

import msgspec
from aiohttp.test_utils import TestServer

from handoff.app import ENDPOINTS
from handoff.endpoints import API
from handoff.openapi import document
from tests.handoff.desk.conftest import Enter

METHODS = {"get", "post", "put", "patch", "delete"}


def references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [ref for part in value.values() for ref in references(part)]
    return [ref for part in value for ref in references(part)] if isinstance(value, list) else []


def test_every_endpoint_is_described() -> None:
    paths = document(ENDPOINTS)["paths"]
    described = {(method.upper(), path) for path, ways in paths.items() for method in ways}
    assert described == {(e.method, API + e.path) for e in ENDPOINTS}


async def test_every_route_is_an_endpoint(desk: TestServer) -> None:
    routes = {
        (route.method, route.resource.canonical)
        for route in desk.app.router.routes()
        if route.resource and route.resource.canonical.startswith(API) and route.method != "HEAD"
    }
    plain = {("GET", f"{API}/openapi.json"), ("GET", f"{API}/socket")}
    assert routes - plain == {(e.method, API + e.path) for e in ENDPOINTS}


def test_it_is_openapi() -> None:
    made = document(ENDPOINTS)
    assert made["openapi"] == "3.1.0"
    schemas = made["components"]["schemas"]
    assert {ref.rpartition("/")[2] for ref in references(made)} <= schemas.keys()
    names = []
    for path, ways in made["paths"].items():
        assert ways.keys() <= METHODS
        for operation in ways.values():
            names.append(operation["operationId"])
            assert operation["summary"]
            assert "default" in operation["responses"]
            in_path = {p["name"] for p in operation["parameters"] if p["in"] == "path"}
            assert {part[1:-1] for part in path.split("/") if part.startswith("{")} <= in_path | {
                "kpi}.cs", "kpi}.xls"
            }  # fmt: skip
    assert len(set(names)) == len(names)


async def test_it_is_served(enter: Enter) -> None:
    served = await (await enter()).get("/openapi.json")
    assert served == json.loads(msgspec.json.encode(document(ENDPOINTS)))
