"""Near-duplicates: small changes move a fingerprint little, other contents move it far."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from PIL import Image

from ingest.near import distance, image_fingerprint, text_fingerprint
from ingest.pipeline import read

MINUTES = (
    "石门槛村村民代表会议于二〇一九年三月五日在村委会召开，应到代表三十二人，实到二十九人。会议由王守仁主持，"
    "讨论了提灌站维修、茶园流转和公益林补偿三件事，逐项举手表决。提灌站维修由村集体出资两万元，三月底前完工；"
    "茶园流转租金每亩六百元，由合作社按年支付；公益林补偿款按户张榜公示七天后发放。"
)
RULES = (
    "青石坳村规民约第一条爱国守法，互助友善。第二条红白喜事从简，席面不超过二十桌，礼金量力而行。第三条房前屋后"
    "自己打扫，垃圾入池，柴草归堆。第四条爱护古树水源，不在河里炸鱼电鱼。第五条邻里有事先找调解员，不打不骂。"
)


def of(text: str) -> str:
    found = text_fingerprint(text)
    assert found is not None
    return found


def test_a_copy_with_one_number_changed_is_near_and_another_paper_is_far() -> None:
    near = distance(of(MINUTES), of(MINUTES.replace("二十九人", "三十人")))
    far = distance(of(MINUTES), of(RULES))
    assert near is not None
    assert near <= 6
    assert far is not None
    assert far > 16


def test_spaces_and_marks_count_for_nothing() -> None:
    assert of(MINUTES) == of("\n".join(MINUTES).replace("，", "、"))


def test_59_characters_have_no_fingerprint_and_60_have() -> None:
    assert text_fingerprint("字" * 59 + "，。") is None
    assert of("字" * 60).startswith("text:")


def test_brightness_falling_to_the_right_sets_every_bit_and_rising_sets_none() -> None:
    rising = Image.linear_gradient("L").rotate(90)
    falling = Image.linear_gradient("L").rotate(270)
    assert {image_fingerprint(rising), image_fingerprint(falling)} == {"image:" + "0" * 16, "image:" + "f" * 16}


@pytest.mark.parametrize(
    ("a", "b", "bits"),
    [
        ("text:0000000000000000", "text:000000000000000f", 4),
        ("image:8000000000000001", "image:0000000000000000", 2),
        ("text:0000000000000000", "image:0000000000000000", None),
        ("", "", None),
        ("text:0000000000000000", "", None),
    ],
)
def test_the_distance_is_the_number_of_differing_bits(a: str, b: str, bits: int | None) -> None:
    assert distance(a, b) == bits


def test_a_reading_has_the_fingerprint_of_its_text_or_of_its_picture(tmp_path: Path) -> None:
    (tmp_path / "记录.txt").write_text(MINUTES, encoding="utf-8")
    Image.linear_gradient("L").save(tmp_path / "照片.png")
    (tmp_path / "短.txt").write_text("今天停水。", encoding="utf-8")
    found = {
        path.name: read(path, path.name, path.name, received=date(2026, 3, 1)).similarity for path in tmp_path.iterdir()
    }
    assert found["记录.txt"] == of(MINUTES)
    assert found["照片.png"].startswith("image:")
    assert found["短.txt"] == ""
