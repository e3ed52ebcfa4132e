"""Content as it was at another revision, against content as it is: what of the approved would change.

A revision is one of git's (a branch, a tag, a commit) or the hash of a published version.
"""

import datetime as dt
import io
import subprocess
import tarfile
from pathlib import Path

from app.errors import UsageError
from app.manifest import PLACES
from app.release.publishing import Judging
from app.release.serving import Serving, load_content
from app.release.standing import BrandChange, BrandStanding, compare, stand

SECONDS = 60


def git_content(root: Path, revision: str, into: Path) -> None:
    """Lay out brand/, prompts/ and blocks/ of a git revision under `into`.

    Raises UsageError when `root` is no checkout, or git knows no such revision.
    """
    if revision.startswith("-"):
        raise UsageError(f"'{revision}' is no revision", "such as HEAD, main or a tag")
    prefix = _git(root, "rev-parse", "--show-prefix").decode().strip()
    commit = _git(root, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}").decode().strip()
    known = _git(root, "ls-tree", "--name-only", f"{commit}:{prefix}").decode().splitlines()
    places = [place for place in PLACES if place in known]
    if places:
        archive = _git(root, "archive", "--format=tar", f"{commit}:{prefix}", *places)
        with tarfile.open(fileobj=io.BytesIO(archive)) as files:
            files.extractall(into, filter="data")
    for place in PLACES:
        (into / place).mkdir(exist_ok=True)


def _git(root: Path, *arguments: str) -> bytes:
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *arguments], capture_output=True, timeout=SECONDS, check=False
        )
    except FileNotFoundError as error:
        raise UsageError("git is not installed", "name the hash of a published version instead") from error
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip() or "there is no such revision"
        raise UsageError(f"git cannot read it: {said}", "such as HEAD, main, a tag or a published version")
    return done.stdout


def differences(old: Path, new: Path, judging: Judging, as_of: dt.datetime) -> list[BrandChange]:
    """Per brand what begins to fail, still fails and passes again when `new` takes the place of `old`."""
    after = _stand(load_content(new, version="", why="as it is"), judging, as_of)
    before = _stand(load_content(old, version="", why="as it was"), judging, as_of)
    return compare(after, before)


def _stand(serving: Serving, judging: Judging, as_of: dt.datetime) -> list[BrandStanding]:
    return stand(
        serving,
        as_of=as_of,
        approved=judging.approved,
        facts_of=judging.facts_of,
        rendering=judging.rendering,
    )
