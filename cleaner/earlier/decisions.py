"""What a run decided, read from its work folder, for the index that it is added to."""

from pathlib import Path

import numpy as np

from cleaner.catalogue import Catalogue, Names
from cleaner.columns import Column
from cleaner.config import Config
from cleaner.decided import REMOVALS, STORE, open_store
from cleaner.duplicates.search import NOTHING, Copies
from cleaner.earlier.building import Finished
from cleaner.memory import search_memory


def finished_run(work: Path, config: Config) -> Finished:
    """The run whose decisions are in a work folder.

    What stays are originals of the search across documents: neither dropped nor marked where that
    drops or marks, and nothing at all where it is not asked for.
    """
    store, folder = open_store(work / STORE, config), work / REMOVALS
    alive = Column(folder / "alive", np.uint8).array
    dropped = Copies.opened(folder / "drop").of.array != NOTHING
    stays = alive > 0
    if config.across_documents == "mark":
        stays &= Copies.opened(folder / "mark").of.array == NOTHING
    elif config.across_documents == "keep":
        stays[:] = False
    first = len(stays) - len(store)
    catalogue, names = Catalogue(work / "catalogue"), Names(folder, "names")
    return Finished(
        *(store, catalogue, names),
        *(stays[first:].astype(np.uint8), dropped[first:], search_memory(config)),
    )
