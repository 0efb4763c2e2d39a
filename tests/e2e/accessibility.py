"""What the browser gives to assistive technologies: its accessibility tree, by the DevTools protocol."""

from collections.abc import Iterator
from dataclasses import dataclass

from playwright.sync_api import Page


@dataclass(frozen=True, slots=True)
class Node:
    depth: int
    role: str
    name: str
    properties: dict[str, object]


def tree(page: Page) -> list[Node]:
    """Return the nodes that are not hidden from assistive technologies, in reading order."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    return list(_walk(nodes[0], {node["nodeId"]: node for node in nodes}, 0))


def with_role(page: Page, role: str) -> list[Node]:
    return [node for node in tree(page) if node.role == role]


def _walk(node: dict, by_id: dict[str, dict], depth: int) -> Iterator[Node]:
    if not node["ignored"]:
        properties = {p["name"]: p["value"].get("value") for p in node.get("properties", [])}
        name = node.get("name", {}).get("value", "")
        yield Node(depth, node["role"]["value"], name, properties)
    for child in node.get("childIds", []):
        if child in by_id:
            yield from _walk(by_id[child], by_id, depth + 1)
