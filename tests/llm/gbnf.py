"""Enough of GBNF to walk a grammar: literals, character sets, alternatives, groups, `?` and names."""

import random
import re
from dataclasses import dataclass
from functools import cached_property

_PART = re.compile(r'\s*(?:("(?:[^"\\]|\\.)*")|(\[[^\]]*\])|([a-z][a-z0-9]*)|([()|?]))')
SHORTEST_AFTER = 60


@dataclass(frozen=True)
class Literal:
    """Characters that stand as they are."""

    text: str


@dataclass(frozen=True)
class Name:
    """Another rule."""

    rule: str


Node = Literal | Name | tuple["Node", ...] | list["Node"]
"""A tuple is a sequence, a list are alternatives."""


class Grammar:
    """A parsed grammar."""

    def __init__(self, text: str) -> None:
        self.rules: dict[str, Node] = {}
        for line in text.splitlines():
            name, body = line.split(" ::= ", 1)
            self.rules[name] = _parse(body)

    @cached_property
    def literals(self) -> set[str]:
        """Every string that one terminal can put down."""
        return {
            item.text for rule in self.rules for item in _flat(self.rules[rule]) if isinstance(item, Literal)
        }

    @cached_property
    def reachable(self) -> set[str]:
        """Rules that the root leads to."""
        seen: set[str] = set()
        todo = ["root"]
        while todo:
            rule = todo.pop()
            if rule in seen:
                continue
            seen.add(rule)
            todo += [item.rule for item in _flat(self.rules[rule]) if isinstance(item, Name)]
        return seen

    def spells(self, rule: str, text: str) -> bool:
        """Whether the rule can put down exactly this text."""
        return "" in self._left(Name(rule), text)

    def _left(self, node: Node, text: str) -> set[str]:
        """What may be left of the text after the node has taken its part from the beginning."""
        if isinstance(node, Literal):
            return {text.removeprefix(node.text)} if text.startswith(node.text) else set()
        if isinstance(node, Name):
            return self._left(self.rules[node.rule], text)
        if isinstance(node, list):
            return {rest for item in node for rest in self._left(item, text)}
        rests = {text}
        for item in node:
            rests = {left for rest in rests for left in self._left(item, rest)}
        return rests

    @cached_property
    def _depth(self) -> dict[str, int]:
        """For each rule how deep its shallowest text lies."""
        depth = dict.fromkeys(self.rules, 10**6)
        changed = True
        while changed:
            changed = False
            for rule, node in self.rules.items():
                found = 1 + self._shallow(node, depth)
                if found < depth[rule]:
                    depth[rule], changed = found, True
        return depth

    def _shallow(self, node: Node, depth: dict[str, int]) -> int:
        if isinstance(node, Literal):
            return 0
        if isinstance(node, Name):
            return depth[node.rule]
        parts = [self._shallow(item, depth) for item in node]
        return min(parts) if isinstance(node, list) else max(parts, default=0)

    def sample(self, chance: random.Random) -> str:
        """A text of the grammar; after some steps the shortest way out is taken."""
        out: list[str] = []
        todo: list[Node] = [Name("root")]
        steps = 0
        while todo:
            steps += 1
            node = todo.pop()
            if isinstance(node, Literal):
                out.append(node.text)
            elif isinstance(node, Name):
                todo.append(self.rules[node.rule])
            elif isinstance(node, list):
                short = min(node, key=lambda item: self._shallow(item, self._depth))
                todo.append(short if steps > SHORTEST_AFTER else chance.choice(node))
            else:
                todo += reversed(node)
        return "".join(out)


def _flat(node: Node) -> list[Literal | Name]:
    if isinstance(node, Literal | Name):
        return [node]
    return [leaf for item in node for leaf in _flat(item)]


def _parse(body: str) -> Node:
    parts: list[str] = []
    position = 0
    while position < len(body.rstrip()):
        match = _PART.match(body, position)
        assert match, f"cannot read {body[position : position + 40]!r}"
        parts.append(match.group().strip())
        position = match.end()
    node, rest = _alternatives(parts)
    assert not rest, f"left over: {rest[:5]}"
    return node


def _alternatives(parts: list[str]) -> tuple[Node, list[str]]:
    found: list[Node] = []
    while True:
        sequence, parts = _sequence(parts)
        found.append(sequence)
        if not parts or parts[0] != "|":
            return (found if len(found) > 1 else found[0]), parts
        parts = parts[1:]


def _sequence(parts: list[str]) -> tuple[Node, list[str]]:
    found: list[Node] = []
    while parts and parts[0] not in ("|", ")"):
        head, parts = parts[0], parts[1:]
        if head == "(":
            node, parts = _alternatives(parts)
            parts = parts[1:]
        elif head == "?":
            found[-1] = [found[-1], Literal("")]
            continue
        else:
            node = _leaf(head)
        found.append(node)
    return tuple(found), parts


def _leaf(text: str) -> Node:
    if text.startswith('"'):
        return Literal(text[1:-1])
    if text.startswith("["):
        return [Literal(character) for character in text[1:-1]]
    return Name(text)
