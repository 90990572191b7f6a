"""Who wrote and who photographed, in the forms that papers print."""

from __future__ import annotations

import random
from dataclasses import dataclass

from epaper.synth.grammar import Writer
from epaper.synth.lexicon import words


@dataclass(frozen=True)
class Reporter:
    """The reporters of a story and where they are named: over it, in its lead, or at its end."""

    names: tuple[str, ...] = ()
    byline: str = ""
    lead_in: str = ""
    signature: str = ""


def reporter(writer: Writer, rng: random.Random) -> Reporter:
    """A reporter, or none, named in one of the usual places."""
    place = rng.choices(("head", "lead", "end", "agency", "none"), (22, 34, 16, 13, 15))[0]
    names = tuple(writer.person() for _ in range(rng.choices((1, 2, 3), (80, 16, 4))[0]))
    names = tuple(writer.style(n) for n in names)
    shown = rng.choice(("　", "  ", "、", " ")).join(names)
    if place == "head":
        mark = rng.choice(("□", "■", "", "●", ""))
        form = rng.choice(
            (
                "本报记者 {n}",
                "本报记者　{n}",
                "□ 本报记者 {n}",
                "记者 {n}",
                "{n}",
                "文/本报记者 {n}",
            )
        )
        return Reporter(names, byline=writer.style(mark + form.format(n=shown).removeprefix("□ ")))
    if place == "lead":
        return Reporter(names, lead_in=writer.style(_lead(writer, rng, shown.replace("  ", "　"))))
    if place == "end":
        form = rng.choice(("（{n}）", "{n}", "（本报记者 {n}）", "(记者 {n})", "■{n}", "（{n}）"))
        return Reporter(names, signature=writer.style(form.format(n=shown)))
    if place == "agency":
        return Reporter(names, lead_in=writer.style(_agency(writer, rng, shown)))
    return Reporter()


def _lead(writer: Writer, rng: random.Random, shown: str) -> str:
    other = writer.person()
    return rng.choice(
        (
            f"本报讯 记者{shown}报道：",
            f"本报讯（记者{shown}）",
            f"本报讯（记者 {shown}）",
            f"本报讯 （记者{shown} 通讯员{other}）",
            f"本报讯 记者{shown}、通讯员{other}报道：",
            f"本报{rng.choice(words('city2'))}{writer.date.month}月{writer.date.day}日电（记者{shown}）",
            f"本报记者{shown}报道 ",
        )
    )


def _agency(writer: Writer, rng: random.Random, shown: str) -> str:
    place = rng.choice((*words("city2"), *words("capital"), "北京", "北京"))
    day = f"{writer.date.month}月{writer.date.day}日"
    return rng.choice(
        (
            f"新华社{place}{day}电（记者{shown}）",
            f"新华社{place}{day}电 （记者 {shown}）",
            f"据新华社{place}{day}电（记者{shown}）",
            f"新华社{place}{day}电 记者{shown}报道：",
        )
    )


def credit(writer: Writer, rng: random.Random, names: tuple[str, ...] = ()) -> str:
    """The credit of a picture as printed; sometimes none."""
    name = names[0] if names and rng.random() < 0.5 else writer.style(writer.person())
    form = rng.choice(
        (
            "本报记者 {n} 摄",
            "本报记者 {n}摄",
            "□本报记者 {n}摄",
            "{n} 摄",
            "{n}摄",
            "（{n} 摄）",
            "新华社记者 {n} 摄",
            "新华社发",
            "新华社发（{n} 摄）",
            "记者 {n} 摄影报道",
            "通讯员 {n} 摄",
            "图/记者 {n}",
            "{n}/摄",
            "摄影：{n}",
            "本报记者 {n}、{m} 摄",
            "",
        )
    )
    return writer.style(form.format(n=name, m=writer.person()))


def marker(writer: Writer, rng: random.Random, page: int, label: str) -> str:
    """The words that send the reader on to page `page`, printed as `label`."""
    spelt, number = _spelt(page, label), label if label[0].isalpha() else f"{page}"
    forms = (
        f"（下转{label}版）",
        f"（下转第{label}版）",
        f"（下转{spelt}版）",
        f"（下转第{spelt}版）",
        f"↘转{label}版",
        f"▶下转{label}版",
        f"（紧接第{spelt}版）",
        f"下转第{number}版",
        f"(下转{label}版)",
    )
    return writer.style(rng.choice(forms))


def back_marker(writer: Writer, rng: random.Random, page: int, label: str) -> str:
    """The words that name the page a story comes from."""
    spelt = _spelt(page, label)
    forms = (
        f"（上接{label}版）",
        f"（上接第{label}版）",
        f"（上接第{spelt}版）",
        f"（上接{spelt}版）",
        f"(上接{label}版)",
        f"◀上接{label}版",
        f"（紧接第{spelt}版）",
    )
    return writer.style(rng.choice(forms))


def _spelt(page: int, label: str) -> str:
    """The page's number in words; a page of a lettered part (B3) keeps its letter."""
    return label if label[0].isalpha() else _han(page)


def _han(page: int) -> str:
    return "零一二三四五六七八九十"[page] if page <= 10 else str(page)
