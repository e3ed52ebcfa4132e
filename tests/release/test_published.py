"""Every process follows one pointer; whatever goes wrong is named, and what served before goes on."""

import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import Session, col

from app.contents import open_contents
from app.db.content import ContentStore
from app.db.service_tables import Blob
from app.errors import StorageError
from app.release.cache import ContentCache
from app.release.published import PublishedContents
from app.release.serving import Serving, load_content, watching
from tests.release.published import BRAND, House, summary_of


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House.at(tmp_path)


def damage(house: House, path: str, version: str) -> None:
    """Change the stored bytes of one file of a version."""
    digest = house.content.find(version).manifest[path]
    with Session(house.store.engine) as session:
        session.execute(update(Blob).where(col(Blob.hash) == digest).values(data=b"other"))
        session.commit()


class TestPointer:
    def test_before_anything_is_published_the_folder_serves(self, house: House) -> None:
        serving = house.contents().now()
        assert (serving.version, serving.root) == ("", house.desk.root)
        assert "nothing is published" in serving.why
        assert serving.faults == ()

    def test_in_production_that_is_a_fault(self, house: House) -> None:
        contents = house.contents(production=True)
        assert ["copydesk publish" in fault for fault in contents.now().faults] == [True]
        house.publish()
        contents.refresh()
        assert contents.now().faults == ()

    def test_a_published_version_serves_from_the_cache_whatever_happens_to_the_folder(
        self, house: House
    ) -> None:
        done = house.publish("first")
        house.edit("voice.yaml", {"summary": "Loud."})
        serving = house.contents().now()
        assert serving.version == done.version.hash
        assert serving.root == house.cache.folder / done.version.hash
        assert summary_of(serving) != "Loud."
        assert serving.why.startswith(f"version {done.version.hash[:12]} serves since 20")
        assert "Ada" not in serving.why, "anybody may read it"
        assert serving.partials.is_dir()

    def test_a_request_keeps_what_it_began_with(self, house: House) -> None:
        house.publish()
        contents = house.contents()
        began = contents.now()
        library, prompts = began.libraries.get(BRAND), began.prompts
        house.edit("voice.yaml", {"summary": "Loud."})
        house.publish()
        assert contents.now() is began, "nothing changes before the process looks"
        contents.refresh()
        assert summary_of(contents.now()) == "Loud."
        assert summary_of(began) != "Loud."
        assert began.libraries.get(BRAND) is library
        assert began.prompts is prompts

    def test_the_pointer_moves_back(self, house: House) -> None:
        first = house.publish().version.hash
        contents = house.contents()
        before = summary_of(contents.now())
        house.edit("voice.yaml", {"summary": "Loud."})
        house.publish()
        contents.refresh()
        house.roll_back(first)
        contents.refresh()
        assert (contents.now().version, summary_of(contents.now())) == (first, before)

    def test_a_pointer_that_stays_loads_nothing(self, house: House) -> None:
        house.publish()
        contents = house.contents()
        began = contents.now()
        contents.refresh()
        assert contents.now() is began


class TestFaults:
    def test_a_tampered_version_does_not_serve_and_is_named(self, house: House) -> None:
        first = house.publish().version.hash
        contents = house.contents()
        house.edit("voice.yaml", {"summary": "Loud."})
        second = house.publish().version.hash
        damage(house, "brand/fernhill/voice.yaml", second)
        contents.refresh()
        assert contents.now().version == first
        (fault,) = contents.now().faults
        assert f"version {second[:12]} cannot serve" in fault
        assert "brand/fernhill/voice.yaml" in fault
        assert "damaged" in fault

    def test_a_process_that_starts_takes_the_last_version_that_can_be_used(self, house: House) -> None:
        first = house.publish().version.hash
        house.edit("voice.yaml", {"summary": "Loud."})
        second = house.publish().version.hash
        damage(house, "brand/fernhill/voice.yaml", second)
        serving = house.contents().now()
        assert serving.version == first
        assert second[:12] in serving.faults[0]

    def test_without_any_version_that_can_be_used_the_start_says_why(self, house: House) -> None:
        damage(house, "brand/fernhill/voice.yaml", house.publish().version.hash)
        with pytest.raises(StorageError, match=r"brand/fernhill/voice\.yaml .* is damaged"):
            house.contents()

    def test_a_tampered_cache_is_written_anew_from_the_database(self, house: House) -> None:
        house.publish()
        path = house.contents().now().root / "brand" / "fernhill" / "voice.yaml"
        right = path.read_bytes()
        path.write_text("summary: Hacked.\n")
        assert summary_of(house.contents().now()) != "Hacked."
        assert path.read_bytes() == right

    def test_invariant_4_the_last_valid_version_of_a_brand_goes_on(self, house: House) -> None:
        house.publish()
        contents = house.contents()
        before = summary_of(contents.now())
        house.edit("voice.yaml", {"tone": []})
        broken = house.publish().version.hash
        contents.refresh()
        serving = contents.now()
        assert (serving.version, summary_of(serving)) == (broken, before)
        assert list(serving.libraries.faults) == [BRAND]
        assert (
            "brand fernhill: its last valid version goes on: brand/fernhill/voice.yaml" in serving.faults[0]
        )

    def test_invariant_4_also_in_a_process_that_starts(self, house: House) -> None:
        house.publish()
        before = summary_of(house.contents().now())
        house.edit("voice.yaml", {"tone": []})
        house.publish()
        house.edit("voice.yaml", {"tone": [], "person": "they"})
        house.publish()
        serving = house.contents().now()
        assert summary_of(serving) == before
        assert list(serving.libraries.faults) == [BRAND]

    def test_broken_prompts_leave_the_ones_that_served(self, house: House) -> None:
        house.publish()
        contents = house.contents()
        prompts = contents.now().prompts
        (house.desk.root / "prompts" / "small" / "turn.jinja").write_text("{% if %}")
        house.publish()
        contents.refresh()
        assert contents.now().prompts is prompts
        assert "prompts/small/turn.jinja:1" in contents.now().faults[0]

    def test_a_database_that_is_away_changes_nothing(
        self, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        house.publish()
        contents = house.contents()
        began = contents.now()

        def away(store: ContentStore) -> None:
            raise StorageError("the database is away")

        monkeypatch.setattr(ContentStore, "serving", away)
        contents.refresh()
        assert contents.now() is began

    def test_a_full_disk_is_tried_again(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        house.publish()
        contents = house.contents()
        house.edit("voice.yaml", {"summary": "Loud."})
        second = house.publish().version.hash

        def full(*args: object) -> Path:
            raise StorageError("no space left")

        with monkeypatch.context() as patched:
            patched.setattr(ContentCache, "put", full)
            contents.refresh()
        assert "no space left" in contents.now().faults[0]
        monkeypatch.setattr("app.release.published.time.monotonic", lambda: 1e9)
        contents.refresh()
        assert (contents.now().version, contents.now().faults) == (second, ())


class TestFolder:
    def test_a_folder_that_serves_in_production_is_named_with_every_state_of_it(self, house: House) -> None:
        settings = house.desk.settings.model_copy(update={"content_from": "folder"})
        contents = open_contents(settings, house.store, production=True)
        assert "although this is production" in contents.now().faults[0]
        house.edit("voice.yaml", {"summary": "Loud."})
        contents.refresh()
        assert summary_of(contents.now()) == "Loud."
        assert len(contents.now().faults) == 1

    def test_an_edited_file_serves(self, house: House) -> None:
        contents = house.contents()
        began = contents.now()
        contents.refresh()
        assert contents.now() is began
        house.edit("voice.yaml", {"summary": "Loud."})
        contents.refresh()
        assert summary_of(contents.now()) == "Loud."
        assert summary_of(began) != "Loud."

    def test_a_file_that_was_only_touched_loads_nothing(self, house: House) -> None:
        contents = house.contents()
        began = contents.now()
        (house.desk.content.brands / BRAND / "voice.yaml").touch()
        contents.refresh()
        assert contents.now() is began

    def test_a_broken_file_is_named_and_the_last_valid_state_goes_on(self, house: House) -> None:
        contents = house.contents()
        before = summary_of(contents.now())
        house.edit("voice.yaml", {"tone": []})
        contents.refresh()
        assert summary_of(contents.now()) == before
        assert list(contents.now().libraries.faults) == [BRAND]
        house.edit("voice.yaml", {"summary": "Mended."})
        contents.refresh()
        assert summary_of(contents.now()) == "Mended."
        assert contents.now().libraries.faults == {}

    def test_a_broken_template_leaves_the_ones_that_served(self, house: House) -> None:
        contents = house.contents()
        prompts = contents.now().prompts
        template = house.desk.root / "prompts" / "small" / "turn.jinja"
        right = template.read_text()
        template.write_text("{% if %}")
        contents.refresh()
        assert contents.now().prompts is prompts
        assert "the prompts stay as they were: prompts/small/turn.jinja" in contents.now().faults[0]
        template.write_text(right + " ")
        contents.refresh()
        assert contents.now().faults == ()

    def test_a_first_version_that_cannot_be_used_leaves_the_folder(self, house: House) -> None:
        contents = house.contents()
        damage(house, "brand/fernhill/voice.yaml", house.publish().version.hash)
        contents.refresh()
        assert contents.now().version == ""
        assert "cannot serve" in contents.now().faults[0]


_FOLLOWER = """
import sys
from pathlib import Path
from app.db.content import ContentStore
from app.db.store import open_store
from app.release.cache import ContentCache
from app.release.published import PublishedContents
url, cache, folder = sys.argv[1:]
contents = PublishedContents(ContentStore(open_store(url).engine), ContentCache(Path(cache)), Path(folder))
for _ in sys.stdin:
    contents.refresh()
    print(contents.now().version, flush=True)
"""


def test_two_processes_serve_one_pointer(house: House) -> None:
    arguments = [house.desk.database, str(house.cache.folder), str(house.desk.root)]
    first = house.publish().version.hash
    followers = [
        subprocess.Popen(
            [sys.executable, "-c", _FOLLOWER, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        for _ in range(2)
    ]

    def served() -> list[str]:
        for follower in followers:
            assert follower.stdin is not None
            follower.stdin.write("look\n")
            follower.stdin.flush()
        return [follower.stdout.readline().strip() for follower in followers if follower.stdout is not None]

    try:
        assert served() == [first, first]
        house.edit("voice.yaml", {"summary": "Loud."})
        second = house.publish().version.hash
        assert served() == [second, second]
        house.roll_back(first)
        assert served() == [first, first]
    finally:
        for follower in followers:
            follower.communicate(timeout=60)
    folders = {path.name for path in house.cache.folder.iterdir() if path.is_dir()}
    assert folders == {first, second}


def test_nobody_waits_while_another_version_is_loaded(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    contents = house.contents()
    before = contents.now()
    version = house.publish().version.hash
    loading, go_on = threading.Event(), threading.Event()

    def slow(*given: Any, **named: Any) -> Serving:
        loading.set()
        assert go_on.wait(60)
        return load_content(*given, **named)

    monkeypatch.setattr("app.release.published.load_content", slow)
    refreshing = threading.Thread(target=contents.refresh)
    refreshing.start()
    assert loading.wait(60)
    assert contents.now() is before
    go_on.set()
    refreshing.join()
    assert contents.now().version == version


def test_a_running_service_looks_by_itself(house: House) -> None:
    contents = house.contents()
    watcher = watching(contents, 0.01).start()
    try:
        second = house.publish().version.hash
        _wait_for(contents, second)
    finally:
        watcher.close()


def test_a_fault_in_loading_does_not_end_the_watching(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    contents = house.contents()
    second = house.publish().version.hash
    follow = ContentStore.serving
    asked: list[int] = []

    def once_broken(store: ContentStore) -> object:
        asked.append(1)
        if len(asked) == 1:
            raise RuntimeError("a bug")
        return follow(store)

    monkeypatch.setattr(ContentStore, "serving", once_broken)
    watcher = watching(contents, 0.01).start()
    try:
        _wait_for(contents, second)
    finally:
        watcher.close()


def _wait_for(contents: PublishedContents, version: str) -> None:
    import time

    until = time.monotonic() + 60
    while contents.now().version != version:
        assert time.monotonic() < until, "the watcher did not follow the pointer"
        time.sleep(0.01)
