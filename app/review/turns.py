"""In which roles somebody approves now: those that they have and that are missing."""

from collections.abc import Collection, Sequence


def roles_now(
    has: Collection[str],
    *,
    needed: Sequence[str],
    missing: Sequence[str],
    people_missing: int,
    in_turn: bool,
) -> tuple[str, ...]:
    """In turn, their own ones as long as nobody else's turn comes between. Where only people are missing, the
    first needed role that they have.
    """
    if not missing:
        mine = [role for role in needed if role in has]
        return tuple(mine[:1]) if people_missing else ()
    if not in_turn:
        return tuple(role for role in missing if role in has)
    taken = []
    for role in missing:
        if role not in has:
            break
        taken.append(role)
    return tuple(taken)
