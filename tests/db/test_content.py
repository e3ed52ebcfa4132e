"""Versions that never change, and the one pointer that all processes serve by."""

from collections.abc import Iterator

import pytest
from sqlalchemy import update
from sqlmodel import Session, col

from app.db.content import ContentStore, Published
from app.db.engine import open_database
from app.db.service_tables import Blob, ContentVersion
from app.errors import Conflict, StorageError, UsageError
from app.manifest import canonical, sha256

ONE = {"brand/a/brand.yaml": b"id: a\n", "prompts/turn.jinja": b"{{ x }}"}
TWO = {**ONE, "brand/a/brand.yaml": b"id: a # changed\n"}


@pytest.fixture
def store(database: str) -> Iterator[ContentStore]:
    engine = open_database(database)
    yield ContentStore(engine)
    engine.dispose()


def publish(store: ContentStore, files: dict[str, bytes], note: str = "") -> Published:
    last = store.serving()
    return store.publish(files, author="Ada", note=note, expected=last.version if last else None)


def test_nothing_serves_before_something_is_published(store: ContentStore) -> None:
    assert store.serving() is None
    assert not store.versions()
    assert not store.moves()
    with pytest.raises(UsageError, match="there is no version 'abcd'") as caught:
        store.find("abcd")
    assert caught.value.hint == "nothing is published yet"


def test_a_version_is_stored_under_the_hash_of_its_listing_and_serves(store: ContentStore) -> None:
    done = publish(store, ONE, "first")
    assert (done.new, done.moved, done.previous, done.blobs) == (True, True, None, 3)
    assert done.version.hash == sha256(canonical(done.version.manifest))
    last = store.serving()
    assert last is not None
    assert (last.version, last.previous, last.moved_by, last.why) == (done.version.hash, None, "Ada", "first")
    assert dict(store.files(done.version)) == ONE


def test_publishing_the_same_content_twice_stores_nothing_new(store: ContentStore) -> None:
    publish(store, ONE)
    again = publish(store, dict(reversed(ONE.items())))
    assert (again.new, again.moved, again.blobs) == (False, False, 0)
    assert len(store.moves()) == len(store.versions()) == 1


def test_what_two_versions_share_is_stored_once(store: ContentStore) -> None:
    publish(store, ONE)
    done = publish(store, TWO)
    assert (done.new, done.blobs) == (True, 2)


def test_the_pointer_moves_back_and_every_move_says_who_and_why(store: ContentStore) -> None:
    one, two = publish(store, ONE), publish(store, TWO)
    store.move(one.version.hash, by="Bo", why="it was better", expected=two.version.hash)
    assert [(move.version, move.previous, move.moved_by) for move in store.moves()] == [
        (one.version.hash, two.version.hash, "Bo"),
        (two.version.hash, one.version.hash, "Ada"),
        (one.version.hash, None, "Ada"),
    ]
    done = publish(store, TWO)
    assert (done.new, done.moved, done.blobs) == (False, True, 0)


def test_who_judged_against_another_version_moves_nothing(store: ContentStore) -> None:
    one = publish(store, ONE)
    with pytest.raises(Conflict, match=f"another version serves .*: {one.version.hash[:12]}, moved by Ada"):
        store.publish(TWO, author="Bo", note="", expected=None)
    with pytest.raises(Conflict):
        store.move(one.version.hash, by="Bo", why="", expected="0" * 64)
    assert len(store.versions()) == len(store.moves()) == 1


def test_a_hash_may_be_shortened_as_long_as_it_is_one(store: ContentStore) -> None:
    digest = publish(store, ONE).version.hash
    assert store.find(digest[:6].upper()).hash == store.find(digest).hash == digest
    with pytest.raises(UsageError, match="at least the first 4 digits"):
        store.find(digest[:3])
    with Session(store.engine) as session:
        session.add(ContentVersion(hash=digest[:8] + "0" * 56, manifest={}, author="Ada"))
        session.commit()
    with pytest.raises(UsageError, match=f"more than one version begins with '{digest[:8]}'"):
        store.find(digest[:8])
    wrong = digest[:7] + ("0" if digest[7] != "0" else "1") + digest[8:12]
    with pytest.raises(UsageError) as caught:
        store.find(wrong)
    assert caught.value.hint.startswith(f"did you mean '{digest[:12]}'? known are, newest first: ")


def test_a_tampered_file_is_named_and_its_version_is_not_given_out(store: ContentStore) -> None:
    version = publish(store, ONE).version
    with Session(store.engine) as session:
        changed = update(Blob).where(col(Blob.hash) == version.manifest["prompts/turn.jinja"])
        session.execute(changed.values(data=b"x"))
        session.commit()
    with pytest.raises(StorageError, match=r"prompts/turn\.jinja .* is damaged") as caught:
        dict(store.files(version))
    assert not caught.value.retryable


def test_a_tampered_listing_is_refused(store: ContentStore) -> None:
    version = publish(store, ONE).version
    with Session(store.engine) as session:
        listing = {**version.manifest, "brand/a/more.yaml": "0"}
        session.execute(update(ContentVersion).values(manifest=listing))
        session.commit()
    with pytest.raises(StorageError, match="its listing does not have the hash"):
        dict(store.files(store.find(version.hash)))
