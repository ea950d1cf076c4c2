"""A run that an index holds, made again: the last can be, in its place, and none before it."""

from unittest.mock import patch

import pytest
from conftest import output_bytes, read_output, write_rows
from test_index import BOX, CHANGED, STORY, Days, article

from cleaner import CleanerError, Config, UsageError, job, run, verify
from cleaner.earlier import extending
from cleaner.earlier.manifest import Manifest, read_manifest
from cleaner.lock import held

OTHER = Config(disabled_rules=("promo.watch",))
MOLE = article("mole", STORY, "A grey cat has left the library, as the whole town knows by now.")


@pytest.fixture
def days(tmp_path):
    made = Days(tmp_path)
    made.add("monday", article("kite", STORY), article("lark"))
    made.add("tuesday", MOLE)
    return made


def segments(days):
    return {path.name for path in days.index.iterdir() if path.is_dir()}


def test_the_last_run_is_made_again_in_its_place(days, tmp_path):
    fresh = Days(tmp_path / "fresh")
    fresh.add("monday", article("kite", STORY), article("lark"))
    fresh.add("tuesday", MOLE, config=OTHER)
    with pytest.raises(UsageError, match="; add --overwrite to make it again and put it in the"):
        days.add("tuesday", config=OTHER)
    days.add("tuesday", config=OTHER, overwrite=True)
    assert [one.clean for one in days.manifest().runs] == ["monday", "tuesday"]
    assert days.manifest().identity != fresh.manifest().identity  # other times of change
    for name in ("documents/part-00000.jsonl", "removed/part-00000.jsonl"):
        assert (
            output_bytes(tmp_path / "tuesday")[name] == output_bytes(fresh.folder / "tuesday")[name]
        )
    assert segments(days) == {part.name for part in days.manifest().parts}
    assert verify(tmp_path / "tuesday", days.index).faults.total == 0
    days.add("wednesday", article("newt", CHANGED))
    assert {one["of"]["id"] for one in days.output("wednesday").removed} == {"kite"}


def test_an_output_that_is_lost_is_made_again(days, tmp_path):
    before = output_bytes(tmp_path / "tuesday")
    for path in (tmp_path / "tuesday").glob("*/part-*"):
        path.unlink()
    with pytest.raises(CleanerError, match="does not hold what was made of it; add --overwrite to"):
        days.add("tuesday")
    days.add("tuesday", overwrite=True)
    assert output_bytes(tmp_path / "tuesday") == before
    assert days.add("tuesday").was_done


def test_a_run_that_others_were_compared_with_stays(days, tmp_path):
    told = r"cannot be taken out, and what came after it \(tuesday first\) knows of it; make a new"
    with pytest.raises(UsageError, match=told):
        days.add("monday", config=OTHER, overwrite=True)
    assert days.add("monday", overwrite=True).was_done
    (tmp_path / "monday" / "rejected.jsonl").unlink()
    for overwrite in (False, True):
        with pytest.raises(CleanerError, match=told):
            days.add("monday", overwrite=overwrite)
    assert [one.clean for one in days.manifest().runs] == ["monday", "tuesday"]


def test_only_saved_it_is_made_again_as_well(tmp_path):
    days = Days(tmp_path)
    days.add("monday", article("kite", STORY), against=None)
    days.add("monday", against=None, config=OTHER, overwrite=True)
    assert [one.clean for one in days.manifest().runs] == ["monday"]


def test_the_last_run_can_be_made_again_though_segments_are_merged(tmp_path):
    days = Days(tmp_path)
    with patch.object(extending, "FAN_OUT", 2):
        for number in range(5):
            days.add(f"day{number}", article(f"a{number}", BOX))
            days.add(f"day{number}", config=OTHER, overwrite=True)
    assert len(days.manifest().runs) == 5
    assert len(days.manifest().parts) == 2


def test_a_last_run_that_is_merged_with_others_is_not_made_again(days):
    manifest = days.manifest()
    whole = Manifest(manifest.parameters, manifest.runs, manifest.parts[:1])
    whole.save(days.index)
    with pytest.raises(UsageError, match="it cannot be taken out; make a new index"):
        days.add("tuesday", config=OTHER, overwrite=True)


@pytest.mark.parametrize("step", ["publish", "add_published", "save"])
def test_made_again_and_cut_off_it_is_there_once(days, step):
    where = (Manifest, "save") if step == "save" else (job, step)
    with patch.object(*where, side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        days.add("tuesday", config=OTHER, overwrite=True)
    assert [one.clean for one in days.manifest().runs] == ["monday", "tuesday"]
    days.add("tuesday", config=OTHER, overwrite=True)
    assert [one.clean for one in days.manifest().runs] == ["monday", "tuesday"]
    assert days.add("tuesday", config=OTHER).was_done
    assert not list(days.index.glob("pending-*"))
    assert segments(days) == {part.name for part in days.manifest().parts}


def test_an_index_without_its_manifest_is_no_new_one(days):
    before = segments(days)
    (days.index / "index.json").unlink()
    with pytest.raises(CleanerError, match=r"is damaged: index.json is gone; take it from a copy"):
        days.add("wednesday", article("newt"), against=None)
    assert segments(days) == before


def test_an_index_that_was_cut_off_at_its_first_run_is_gone_on_with(tmp_path):
    days = Days(tmp_path)
    stop = patch.object(Manifest, "save", side_effect=KeyboardInterrupt)
    with stop, pytest.raises(KeyboardInterrupt):
        days.add("monday", article("kite"), against=None)
    assert segments(days)
    days.add("monday", against=None)
    assert [one.clean for one in days.manifest().runs] == ["monday"]


@pytest.mark.parametrize("options", [{}, {"config": OTHER, "overwrite": True}])
def test_what_was_cut_off_once_it_was_added_waits_for_nothing(days, options):
    save = Manifest.save

    def saved_and_cut_off(manifest, folder):
        save(manifest, folder)
        raise KeyboardInterrupt

    day = "tuesday" if options else "wednesday"
    with patch.object(Manifest, "save", saved_and_cut_off), pytest.raises(KeyboardInterrupt):
        days.add(day, *([] if options else [article("newt")]), **options)
    assert list(days.index.glob("pending-*"))
    assert days.add(day, config=options.get("config")).was_done
    assert not list(days.index.glob("pending-*"))
    assert [one.clean for one in days.manifest().runs].count(day) == 1
    days.add("thursday", article("ibis"), save_index=None)


def test_an_output_is_not_written_into_an_index(days, tmp_path):
    write_rows(tmp_path / "raw" / "a.jsonl", [article("newt")])
    for overwrite in (False, True):
        with pytest.raises(UsageError, match=r"index is an index; name another folder"):
            run(tmp_path / "raw", days.index, overwrite=overwrite)
    assert not (days.index / ".cleaner").exists()
    assert read_manifest(days.index) == days.manifest()


def test_an_index_is_not_verified_with_while_a_run_extends_it(days, tmp_path):
    with (
        held(days.index / "lock", days.index),
        pytest.raises(CleanerError, match="another run is using"),
    ):
        verify(tmp_path / "tuesday", days.index)
    with held(days.index / "lock", days.index, shared=True):
        assert verify(tmp_path / "tuesday", days.index).faults.total == 0
    with pytest.raises(UsageError, match="there is no index"):
        verify(tmp_path / "tuesday", tmp_path / "nowhere")


FOREIGN = {
    "page.html": "page.html",
    "notes.txt": "notes.txt",
    "2024/may.txt": "2024/",
    "documents/part-00000.jsonl": "documents/",
    "summary.json": "summary.json",
}


@pytest.mark.parametrize("name", FOREIGN)
@pytest.mark.parametrize("overwrite", [False, True])
def test_a_folder_of_other_files_is_no_output(raw, clean, name, overwrite):
    (raw / "a.txt").write_text("The ferry is late again.")
    path = clean / name
    path.parent.mkdir(parents=True)
    path.write_text("mine")
    told = f"clean holds {FOREIGN[name]}, which no run has written; name a new folder"
    with pytest.raises(UsageError, match=told):
        run(raw, clean, overwrite=overwrite)
    assert output_bytes(clean) == {name: b"mine"}
    assert not (clean / ".cleaner").exists()


def test_hidden_files_of_a_folder_that_is_refused_stay(raw, clean):
    (raw / "a.txt").write_text("The ferry is late again.")
    (clean / ".cleaner").mkdir(parents=True)
    for name in ("notes.txt", ".cleaner/mine.toml"):
        (clean / name).write_text("mine")
    with pytest.raises(UsageError, match=r"clean holds notes.txt, which no run has written"):
        run(raw, clean)
    assert [path.name for path in (clean / ".cleaner").iterdir()] == ["mine.toml"]


@pytest.mark.parametrize("name", ["documents/part-00007.jsonl", "signatures/part-00000.npy"])
@pytest.mark.parametrize("overwrite", [False, True])
def test_what_has_the_name_of_an_output_is_not_deleted(raw, clean, name, overwrite):
    (raw / "a.txt").write_text("The ferry is late again.")
    run(raw, clean)
    (clean / name).parent.mkdir(exist_ok=True)
    (clean / name).write_text("mine")
    told = f"clean holds {name}, which no run has written, though it is called so; move it"
    with pytest.raises(UsageError, match=told):
        run(raw, clean, overwrite=overwrite)
    assert (clean / name).read_text() == "mine"


def test_a_note_hidden_files_and_empty_folders_may_be_there_before(raw, clean):
    (raw / "a.txt").write_text("The ferry is late again.")
    (clean / "documents").mkdir(parents=True)
    (clean / "lost+found").mkdir()
    for name in ("README.md", ".gitkeep", "lost+found/inode"):
        (clean / name).write_text("mine")
    run(raw, clean)
    assert len(read_output(clean).documents) == 1


@pytest.mark.parametrize("name", ["documents/mine.jsonl", "removed/2024/a.txt"])
def test_a_file_that_readers_would_take_for_output_is_a_fault(raw, clean, name):
    (raw / "a.txt").write_text("The ferry is late again.")
    run(raw, clean)
    (clean / name).parent.mkdir(exist_ok=True)
    (clean / name).write_text("mine")
    (clean / "documents" / ".DS_Store").write_text("system")
    (fault,) = verify(clean).faults.firsts.values()
    assert (fault.where, fault.told) == (name, "the run did not write it; move it elsewhere")
