"""A page with every feature, its second page and their issue, as plain values."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO

from PIL import Image

from epaper.export.options import ExportOptions, PictureFile
from epaper.geometry import Box
from epaper.model import (
    Article,
    Block,
    Caption,
    Facts,
    Headline,
    Issue,
    Jump,
    JumpKind,
    Line,
    Page,
    Paragraph,
    ParagraphKind,
    Person,
    PersonRole,
    Picture,
    Role,
    Rule,
    SourceInfo,
    Story,
    WritingMode,
)

SENT = datetime(2024, 6, 6, 8, 30, tzinfo=UTC)
OPTIONS = ExportOptions(provider="昌吉日报社", authority="example.org", sent=SENT)


def jpeg(width: int = 40, height: int = 30) -> bytes:
    buffer = BytesIO()
    Image.new("L", (width, height), 128).save(buffer, "JPEG")
    return buffer.getvalue()


def block(number: int, role: Role, confidence: float = 1.0) -> Block:
    box = Box(100.2, 200.0 + 10 * number, 300.9, 209.5 + 10 * number)
    line = Line("字", box, 9.0)
    return Block(f"b{number:03}", role, box, (line,), confidence=confidence)


LEAD = Article(
    id="a01",
    blocks=tuple(f"b{n:03}" for n in range(1, 12)),
    pictures=("i01",),
    headlines=(
        Headline(Role.KICKER, "贴近社会 贴近读者", 0.8),
        Headline(Role.HEADLINE, "主题\x0b标题", 0.97),
        Headline(Role.DECK, "副题"),
        Headline(Role.LABEL, "今日关注"),
    ),
    paragraphs=(
        Paragraph("本报讯 记者张三报道:第一段 <原文> & “引号”。"),
        Paragraph("小标题", ParagraphKind.SUBHEAD),
        Paragraph("项目\t数量\n甲\t12", ParagraphKind.TABLE, rows=(("项目", "数量"), ("甲", "12"))),
        Paragraph("Latin text, 50% of it\x00 here"),
    ),
    captions=(
        Caption(
            "图为会场。",
            "i01",
            "本报记者 李四 王五摄",
            (Person("李四", PersonRole.PHOTOGRAPHER), Person("王五", PersonRole.PHOTOGRAPHER)),
            confidence=0.5,
        ),
        Caption("小图", "i01", "赵六 摄", (Person("赵六", PersonRole.PHOTOGRAPHER),)),
        Caption("图在别处", None, "孙七 摄", (Person("孙七", PersonRole.PHOTOGRAPHER),)),
    ),
    byline="□本报记者 张三 通讯员 高翔",
    people=(
        Person("张三"),
        Person("高翔", PersonRole.CORRESPONDENT),
        Person("某", PersonRole.OTHER),
    ),
    dateline="本报北京6月4日电",
    jumps=(
        Jump(JumpKind.CONTINUED_ON, "02", "（下转02版）", "20240605-02#a01"),
        Jump(JumpKind.CONTINUED_FROM, "A13", "上接A13版"),
    ),
    membership=0.9,
    order=0.75,
)

PAGE = Page(
    id="20240605-01",
    issue="20240605",
    source=SourceInfo("20240605 01.pdf"),
    width=4606,
    height=6437,
    dpi=300.0,
    pictures=(
        Picture("i01", Box(1.5, 2.5, 41.0, 32.0)),
        Picture("i02", Box(1, 2, 9, 9)),
    ),
    rules=(Rule(Box(0, 0, 100, 1)),),
    blocks=tuple(block(n, role, 0.87) for n, role in enumerate(Role, 1)),
    articles=(
        LEAD,
        Article("a02", blocks=("b016",), paragraphs=(Paragraph("遗失声明"),), advert=True),
        Article("a03", paragraphs=(Paragraph("竖排"),), mode=WritingMode.VERTICAL),
    ),
    facts=Facts(
        paper="昌吉日报",
        date="2024-06-05",
        page_number="1",
        page_count="8",
        issue_number="12022",
        section="要闻",
        weekday="星期三",
        lunar_date="甲辰年四月廿九",
        cn_number="CN 65-0010",
        postal_code="57-1",
        publisher="昌吉日报社",
        website="www.example.org",
        email="a@example.org",
        telephone="0994-1234567",
        editors=("甲某", "乙某"),
    ),
    coverage=0.98765,
)

SECOND = Page(
    id="20240605-02",
    issue="20240605",
    source=SourceInfo("20240605 02.pdf"),
    width=4606,
    height=6437,
    dpi=300.0,
    articles=(
        Article(
            "a01",
            paragraphs=(Paragraph("接着的一段。"), Paragraph("末段。")),
            jumps=(Jump(JumpKind.CONTINUED_FROM, "1", "上接1版", "20240605-01#a01"),),
        ),
    ),
    facts=Facts(paper="昌吉日报", page_number="2"),
)

ISSUE = Issue(
    "20240605",
    (PAGE, SECOND),
    (Story("s01", (("20240605-01", "a01"), ("20240605-02", "a01"))),),
)


def files(page: Page) -> dict[str, PictureFile]:
    return {
        p.id: PictureFile(f"{page.id}/picture-{p.id[1:]}.jpg", 40, 30, 631) for p in page.pictures
    }


def crops() -> dict[str, bytes]:
    return {"i01": jpeg(), "i02": jpeg(7, 5)}
