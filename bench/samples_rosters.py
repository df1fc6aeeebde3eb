"""Generated tables of invented people: rolls, ledgers, sign-in sheets. Seeded, so that a second run gives the same rows.

Identity numbers begin with a region code that does not exist (99…) and their check digit is wrong on purpose; telephone
and card numbers are masked, as clerks mask them on notice boards.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache
from pathlib import Path

import yaml

Rows = tuple[tuple[str, ...], ...]
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_MALE = "德守广建永国志长玉茂世正家兴海春文学金有"
_MALE2 = "才林富祥山贵根生华明忠义福平安军伟强田昌"
_FEMALE = "秀桂素翠春玉金月兰淑冬小彩腊巧"
_FEMALE2 = "英芳兰珍梅莲芬花香云凤琴娥霞红"


@cache
def surnames(village: str) -> tuple[str, ...]:
    """The surnames of a village, the frequent ones repeated."""
    file = Path(__file__).parent / "samples_content" / "names.yaml"
    return tuple(yaml.safe_load(file.read_text(encoding="utf-8"))["surnames"][village])


def person(rng: random.Random, village: str) -> tuple[str, str]:
    """An invented villager: name and sex."""
    surname = rng.choice(surnames(village))
    if rng.random() < 0.62:
        return surname + rng.choice(_MALE) + rng.choice(_MALE2), "男"
    return surname + rng.choice(_FEMALE) + rng.choice(_FEMALE2), "女"


def identity(rng: random.Random, born: int) -> str:
    """An eighteen-digit number that cannot be anybody's: unknown region, wrong check digit."""
    digits = f"9903{rng.randint(21, 29)}{born}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}{rng.randint(1, 999):03d}"
    right = sum(int(d) * w for d, w in zip(digits, _WEIGHTS, strict=True)) % 11
    return digits + _CHECKS[(right + rng.randint(1, 9)) % 11]


def _people(rng: random.Random, village: str, count: int) -> list[tuple[str, str]]:
    seen: dict[str, str] = {}
    while len(seen) < count:
        name, sex = person(rng, village)
        seen.setdefault(name, sex)
    return list(seen.items())


def _group(rng: random.Random) -> str:
    return rng.choice("一二三四五") + "组"


def allowance(rng: random.Random, village: str, count: int) -> Rows:
    """低保名册."""
    head = (
        "序号",
        "户主姓名",
        "性别",
        "身份证号",
        "组别",
        "保障人口",
        "类别",
        "月保障金（元）",
        "主要致困原因",
        "社保卡号",
    )
    rows = []
    for n, (name, sex) in enumerate(_people(rng, village, count), 1):
        people = rng.choice((1, 1, 2, 2, 3))
        kind, each = rng.choice((("A类", 512), ("B类", 386), ("C类", 274)))
        cause = rng.choice(("因病", "因残", "缺劳力", "因病", "年老无子女", "因学"))
        card = f"6217****{rng.randint(1000, 9999)}"
        number = identity(rng, rng.randint(1938, 1985))
        rows.append((str(n), name, sex, number, _group(rng), str(people), kind, str(people * each), cause, card))
    return (head, *rows)


def pension(rng: random.Random, village: str, count: int) -> Rows:
    """养老保险参保名册."""
    head = ("序号", "姓名", "性别", "身份证号", "村民小组", "缴费档次（元/年）", "参保年月", "备注")
    rows = []
    for n, (name, sex) in enumerate(_people(rng, village, count), 1):
        paid = rng.choice(("200", "200", "300", "500", "1000"))
        since = f"20{rng.randint(11, 22)}.{rng.randint(1, 12):02d}"
        note = rng.choice(("", "", "", "外出务工，家属代缴", "低保代缴"))
        rows.append((str(n), name, sex, identity(rng, rng.randint(1965, 2004)), _group(rng), paid, since, note))
    return (head, *rows)


def sign_in(rng: random.Random, village: str, count: int) -> Rows:
    """签到表."""
    head = ("序号", "姓名", "所在小组", "签名", "备注")
    people = _people(rng, village, count)
    return (head, *((str(n), name, _group(rng), name, "") for n, (name, _) in enumerate(people, 1)))


def subsidy(rng: random.Random, village: str, count: int) -> Rows:
    """耕地地力保护补贴."""
    head = ("序号", "农户姓名", "组别", "补贴面积（亩）", "标准（元/亩）", "补贴金额（元）", "一卡通账号")
    rows = []
    for n, (name, _) in enumerate(_people(rng, village, count), 1):
        acres = rng.randint(12, 96)
        money = f"{acres * 7.63:.2f}"
        rows.append(
            (str(n), name, _group(rng), f"{acres / 10:.1f}", "76.30", money, f"6217****{rng.randint(1000, 9999)}")
        )
    return (head, *rows)


def shares(rng: random.Random, village: str, count: int) -> Rows:
    """股权登记."""
    head = ("股权证号", "户主", "组别", "成员人数", "人口股", "土地股", "合计（股）", "领证人签字")
    rows = []
    for n, (name, _) in enumerate(_people(rng, village, count), 1):
        people, land = rng.randint(1, 6), rng.randint(2, 9)
        rows.append(
            (f"{n:04d}", name, _group(rng), str(people), str(people * 10), str(land), str(people * 10 + land), name)
        )
    return (head, *rows)


def voters(rng: random.Random, village: str, count: int) -> Rows:
    """选民名单."""
    head = ("选民证号", "姓名", "性别", "出生年月", "住址", "备注")
    rows = []
    for n, (name, sex) in enumerate(_people(rng, village, count), 1):
        born = f"{rng.randint(1940, 2002)}.{rng.randint(1, 12):02d}"
        note = rng.choice(("", "", "", "", "外出，已电话确认", "委托投票"))
        rows.append((f"{n:04d}", name, sex, born, f"{village}{_group(rng)}", note))
    return (head, *rows)


def journal(rng: random.Random, village: str, count: int) -> Rows:
    """现金日记账."""
    head = ("月", "日", "凭证号", "摘要", "收入", "支出", "余额")
    balance = 18642.50
    rows = [("1", "1", "", "上年结转", "", "", f"{balance:.2f}")]
    dates = sorted((rng.randint(1, 12), rng.randint(1, 28)) for _ in range(count))
    spending = (
        "付报刊费",
        "付村部电费",
        "付保洁员工资",
        "付水管维修材料",
        "付会议误餐费",
        "付打印纸硒鼓",
        "付护路工资",
        "付公开栏制作费",
    )
    income = ("收门面房租金", "收山坪塘承包费", "收镇拨办公经费", "提取现金", "收机动地租金")
    for n, (month, day) in enumerate(dates, 1):
        if balance < 3000 or rng.random() < 0.3:
            amount = rng.randint(20, 90) * 100
            balance += amount
            rows.append((str(month), str(day), f"记{n:03d}", rng.choice(income), f"{amount:.2f}", "", f"{balance:.2f}"))
        else:
            amount = rng.randint(6, 190) * 10
            balance -= amount
            rows.append(
                (str(month), str(day), f"记{n:03d}", rng.choice(spending), "", f"{amount:.2f}", f"{balance:.2f}")
            )
    return (head, *rows)


def relief(rng: random.Random, village: str, count: int) -> Rows:
    """救灾物资签领."""
    head = ("序号", "户主", "组别", "家庭人口", "大米（袋）", "棉被（床）", "救助金（元）", "领取人签字（手印）")
    rows = []
    for n, (name, _) in enumerate(_people(rng, village, count), 1):
        people = rng.randint(1, 6)
        rows.append((str(n), name, _group(rng), str(people), "1", str((people + 1) // 2), str(200 * people), name))
    return (head, *rows)


def plots(rng: random.Random, village: str, count: int) -> Rows:
    """承包地块."""
    head = (
        "地块编号",
        "承包方代表",
        "地块名称",
        "二轮合同面积（亩）",
        "实测面积（亩）",
        "东至",
        "南至",
        "西至",
        "北至",
    )
    fields = ("大田", "秧田湾", "沙坝地", "屋后头", "堰坎上", "庙背后", "长冲", "火烧坪", "柿子树下", "桥头田")
    edges = ("水沟", "大路", "岩坎", "机耕道", "荒坡", "河边", "田埂")
    people = _people(rng, village, max(6, count // 3))
    rows = []
    for n in range(1, count + 1):
        old = rng.randint(3, 24) / 10
        new = old + rng.randint(-1, 4) / 10
        sides = [rng.choice((*edges, rng.choice(people)[0])) for _ in range(4)]
        rows.append(
            (f"{n:05d}", rng.choice(people)[0], rng.choice(fields), f"{old:.2f}", f"{max(new, 0.2):.2f}", *sides)
        )
    return (head, *rows)


def workpoints(rng: random.Random, village: str, count: int) -> Rows:
    """工分簿."""
    head = ("社员姓名", "底分", "正月", "二月", "三月", "四月", "五月", "六月", "上半年合计")
    rows = []
    for name, sex in _people(rng, village, count):
        base = rng.choice((10, 9.5, 9)) if sex == "男" else rng.choice((7, 6.5, 6))
        months = [round(base * rng.randint(18, 28), 1) for _ in range(6)]
        rows.append((name, f"{base:g}", *(f"{m:g}" for m in months), f"{sum(months):g}"))
    return (head, *rows)


def vaccination(rng: random.Random, village: str, count: int) -> Rows:
    """春防免疫."""
    head = ("户主", "组别", "猪存栏", "猪免疫", "牛羊存栏", "牛羊免疫", "禽存栏", "禽免疫", "耳标起止号", "户主签字")
    rows = []
    for name, _ in _people(rng, village, count):
        pigs, cattle, fowl = rng.randint(0, 9), rng.randint(0, 5), rng.randint(3, 40)
        tag = rng.randint(10000, 89999)
        rows.append(
            (
                name,
                _group(rng),
                *(str(v) for v in (pigs, pigs, cattle, cattle, fowl, fowl)),
                f"{tag}-{tag + pigs}",
                name,
            )
        )
    return (head, *rows)


def books(rng: random.Random, village: str, count: int) -> Rows:
    """农家书屋借阅."""
    head = ("日期", "书名", "借书人", "归还日期")
    titles = (
        "柑橘整形修剪图解",
        "养蜂一点通",
        "新编农家对联",
        "儿童故事选",
        "常见病家庭护理",
        "山羊养殖手册",
        "民间剪纸",
    )
    rows = []
    for name, _ in _people(rng, village, count):
        month, day = rng.randint(1, 11), rng.randint(1, 28)
        rows.append((f"{month}.{day}", rng.choice(titles), name, f"{month + 1}.{rng.randint(1, 28)}"))
    return (head, *sorted(rows, key=lambda r: tuple(int(p) for p in r[0].split("."))))


def dues(rng: random.Random, village: str, count: int) -> Rows:
    """党费收缴."""
    head = ("序号", "姓名", "出生年月", "入党时间", "月交党费（元）", "全年合计（元）", "交纳方式")
    rows = []
    for n, (name, _) in enumerate(_people(rng, village, count), 1):
        born = rng.randint(1944, 1996)
        joined = f"{born + rng.randint(20, 28)}.{rng.randint(1, 12):02d}"
        monthly = rng.choice((0.2, 0.5, 1, 2, 5))
        how = rng.choice(("现金", "微信转交", "子女代交"))
        rows.append(
            (str(n), name, f"{born}.{rng.randint(1, 12):02d}", joined, f"{monthly:.2f}", f"{monthly * 12:.2f}", how)
        )
    return (head, *rows)


_MAKERS: dict[str, Callable[[random.Random, str, int], Rows]] = {
    f.__name__: f
    for f in (
        allowance,
        pension,
        sign_in,
        subsidy,
        shares,
        voters,
        journal,
        relief,
        plots,
        workpoints,
        vaccination,
        books,
        dues,
    )
}


def make(name: str, village: str, count: str, seed: str = "1") -> Rows:
    """The roster of that name, e.g. `make("allowance", "石门槛村", "24")`."""
    rng = random.Random(f"{name}/{village}/{count}/{seed}")
    return _MAKERS[name](rng, village, int(count))
