"""Make the sample collection under `tests/samples/`: the papers of two invented villages and their truth.

    .venv/bin/python bench/make_samples.py              # everything
    .venv/bin/python bench/make_samples.py --only county

The result is committed; this program is only needed to change it. It wants LibreOffice (`soffice`) and the Noto CJK
fonts. Texts are written by hand in `samples_content/`; generated tables are seeded.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

import samples_manifest
import samples_office
import samples_photo
import samples_scan
import samples_special
import samples_text
from samples_paper import CONTENT, Paper, load

ROOT = Path(__file__).parent.parent / "tests" / "samples"


def make_bytes(papers: list[Paper]) -> dict[str, bytes]:
    """The bytes of every paper, by its id."""
    with tempfile.TemporaryDirectory() as work:
        office = [p for p in papers if p.format in samples_office.WRITERS or p.format in samples_office.FILTERS]
        made = samples_office.make(office, Path(work))
    for paper in papers:
        if paper.id not in made:
            made[paper.id] = _one(paper, made)
    return made


def _one(paper: Paper, made: dict[str, bytes]) -> bytes:
    if paper.format.startswith("scan."):
        return samples_scan.write(paper)
    if paper.format.startswith("photo."):
        return samples_photo.write(paper)
    if paper.format == "eml":
        return samples_text.mail(paper, _attachments(paper, made))
    return samples_text.WRITERS[paper.format](paper)


def _attachments(paper: Paper, made: dict[str, bytes]) -> dict[str, bytes]:
    wanted = paper.options.get("attachments")
    return {str(name): made[str(key)] for name, key in wanted.items()} if isinstance(wanted, dict) else {}


def make_county(target: Path) -> None:
    """Write `county/` and `manifest.jsonl`."""
    papers = load()
    made = make_bytes(papers)
    people, places = samples_manifest.registries()
    shutil.rmtree(target / "county", ignore_errors=True)
    lines = []
    for paper in papers:
        _put(target / "county" / paper.village / paper.path, made[paper.id])
        lines.append(samples_manifest.truth(paper, made[paper.id], people, places))
    county = {f"{paper.village}/{paper.path}": made[paper.id] for paper in papers}
    for path, content, expected, more in samples_special.make(county):
        _put(target / "county" / path, content)
        lines.append(samples_manifest.plain_line(path, content, expected, **more))
    samples_manifest.write(lines, target / "manifest.jsonl")
    print(f"{len(lines)} files in county/")


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def main() -> None:
    """Read the words of the command line and make what they ask for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=("county", "hostile"))
    chosen = parser.parse_args().only
    if chosen in (None, "county"):
        make_county(ROOT)
    print(f"content from {CONTENT}")


if __name__ == "__main__":
    main()
