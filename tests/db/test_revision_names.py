"""The newest revision is read from the names of the files, without alembic: both say the same."""

from pathlib import Path

from sqlalchemy import create_engine

from app.db.engine import open_database
from app.db.revisions import current, head, known_revisions


def test_the_files_are_named_after_their_revisions_in_a_row() -> None:
    names = [script.revision for script in known_revisions()]
    assert names == [f"{number:04}" for number in range(1, len(names) + 1)]
    assert head() == names[-1]
    assert all(Path(script.path).name.startswith(f"{script.revision}_") for script in known_revisions())


def test_a_database_without_tables_has_no_revision(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/db"
    engine = create_engine(url)
    with engine.connect() as connection:
        assert current(connection) is None
    engine.dispose()
    engine = open_database(url)
    with engine.connect() as connection:
        assert current(connection) == head()
    engine.dispose()
