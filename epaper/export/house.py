"""The house schemes: every name NewsML-G2 has no word for, in English and Chinese.

A scheme's alias and local names never change; the base of its URI is an option.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

IPTC_CATALOG = "http://www.iptc.org/std/catalog/catalog.IPTC-G2-Standards_41.xml"

DEFAULT_BASE = "http://example.org/cv/"


@dataclass(frozen=True, slots=True)
class Term:
    """One local name with its meaning."""

    english: str
    chinese: str
    definition: str
    definition_chinese: str


@dataclass(frozen=True, slots=True)
class Scheme:
    """A controlled vocabulary; its URI is the base plus ``path`` plus a slash."""

    alias: str
    path: str
    english: str
    chinese: str
    terms: Mapping[str, Term]

    def uri(self, base: str = DEFAULT_BASE) -> str:
        """The scheme URI below `base`, which need not end in a slash."""
        return f"{base.rstrip('/')}/{self.path}/"


def _terms(**rows: tuple[str, str, str, str]) -> Mapping[str, Term]:
    return MappingProxyType({name: Term(*row) for name, row in rows.items()})


HEADLINE_ROLES = Scheme(
    "eph",
    "headlinerole",
    "Headline roles",
    "标题层级",
    _terms(
        main=("Headline", "主题", "The headline proper.", "稿件的主标题。"),
        kicker=("Kicker", "引题", "The line above the headline.", "主题之上的引题，又称肩题。"),
        deck=("Deck", "副题", "The line below the headline.", "主题之下的副题。"),
        label=("Label", "栏题", "The standing title of a column.", "栏目的名称。"),
    ),
)

RELATIONS = Scheme(
    "epr",
    "relation",
    "Relations between items",
    "稿件关系",
    _terms(
        illustratedBy=("Illustrated by", "配图", "To a picture of the story.", "指向本稿的图片。"),
        illustrates=("Illustrates", "图配文", "To the story of a picture.", "指向图片所配的稿件。"),
        continuedOn=("Continued on", "下转", "To the next part.", "指向本稿在另一版的后续部分。"),
        continuedFrom=("Continued from", "上接", "To the part before.", "指向本稿的前一部分。"),
        hasPart=("Has part", "包含", "From a whole story to a part.", "由整篇稿件指向其各部分。"),
        partOf=("Part of", "属于", "From a part to the whole story.", "由部分指向整篇稿件。"),
    ),
)

META = Scheme(
    "epm",
    "meta",
    "Properties of a page, an article or a block",
    "版面、稿件与文块的属性",
    _terms(
        pageNumber=("Page number", "版次", "The page as printed.", "印在版头的版次。"),
        pageCount=("Page count", "版数", "Pages of the issue.", "当日版数，如今日8版。"),
        issueNumber=("Issue number", "总期号", "Running number.", "总第几期。"),
        section=("Section", "版名", "Name of the page.", "版面的名称，如要闻。"),
        weekday=("Weekday", "星期", "As printed.", "印出的星期。"),
        lunarDate=("Lunar date", "农历", "Date in the lunar calendar.", "农历日期。"),
        cnNumber=("CN number", "国内统一刊号", "Chinese serial number.", "国内统一连续出版物号。"),
        postalCode=("Postal code", "邮发代号", "Subscription code.", "邮局发行的代号。"),
        publisher=("Publisher", "出版单位", "As printed.", "主办或出版单位。"),
        website=("Website", "网址", "As printed.", "报社网址。"),
        email=("E-mail", "电子邮箱", "As printed.", "电子邮箱。"),
        telephone=("Telephone", "电话", "As printed.", "联系电话。"),
        editor=("Editor", "责任编辑", "One property an editor.", "责任编辑，每人一项。"),
        source=("Source file", "来源文件", "Name of the input file.", "输入文件的名称。"),
        imageWidth=("Image width", "图宽", "Page image width, pixels.", "版面图像的宽，像素。"),
        imageHeight=("Image height", "图高", "Page image height, pixels.", "版面图像的高，像素。"),
        dpi=("Resolution", "分辨率", "Pixels an inch.", "每英寸像素数。"),
        coverage=(
            "Coverage",
            "覆盖率",
            "Share of the page's text that reached an item, 0 to 1.",
            "进入各稿件的文字占全版文字的比例，0 至 1。",
        ),
        continuedOnPage=("Continued on page", "转至版次", "As printed.", "下转的版次。"),
        continuedFromPage=("Continued from page", "接自版次", "As printed.", "上接的版次。"),
        writingMode=(
            "Writing mode",
            "排向",
            "Direction of setting: horizontal-tb or vertical-rl.",
            "文字排向：horizontal-tb 横排，vertical-rl 竖排。",
        ),
        membership=(
            "Membership confidence",
            "归属可信度",
            "How sure it is that the blocks make one article, 0 to 100.",
            "各文块同属一稿的可信度，0 至 100。",
        ),
        order=(
            "Order confidence",
            "语序可信度",
            "How sure the reading order is, 0 to 100.",
            "阅读顺序的可信度，0 至 100。",
        ),
        confidence=("Confidence", "可信度", "Of a block, 0 to 100.", "文块的可信度，0 至 100。"),
        headline=("Headline block", "主题块", "A block of headline.", "主题所在的文块。"),
        kicker=("Kicker block", "引题块", "A block of kicker.", "引题所在的文块。"),
        deck=("Deck block", "副题块", "A block of deck.", "副题所在的文块。"),
        label=("Label block", "栏题块", "A block of label.", "栏题所在的文块。"),
        byline=("Byline block", "署名块", "A block of byline.", "署名所在的文块。"),
        lead=("Lead block", "导语块", "A block of lead.", "导语所在的文块。"),
        body=("Body block", "正文块", "A block of body text.", "正文所在的文块。"),
        subhead=("Subhead block", "小标题块", "A block of subhead.", "小标题所在的文块。"),
        caption=("Caption block", "图注块", "A block of caption.", "图片说明所在的文块。"),
        credit=("Credit block", "摄影署名块", "A block of credit.", "摄影署名所在的文块。"),
        jump=("Jump block", "转版块", "A continuation marker.", "转版标记所在的文块。"),
        quote=("Pull-quote block", "摘句块", "Words of the text set apart.", "摘句所在的文块。"),
        table=("Table block", "表格块", "A block of table.", "表格所在的文块。"),
        picture=("Picture", "图片", "Place of a picture on the page.", "图片在版面上的位置。"),
        advert=("Advertisement block", "广告块", "A block of advert.", "广告所在的文块。"),
    ),
)

GROUPS = Scheme(
    "epg",
    "group",
    "Groups of a package",
    "稿件组",
    _terms(
        page=("Page", "版面", "The items of one page in order.", "一版的稿件，依阅读顺序。"),
        issue=("Issue", "一期", "The groups of one issue.", "一期的各组。"),
        pages=("Pages", "各版", "The pages of an issue in order.", "一期的各版，依版次。"),
        stories=("Stories", "整稿", "The whole stories of an issue.", "一期中跨版拼合的稿件。"),
    ),
)

KINDS = Scheme(
    "epk",
    "kind",
    "Kinds of text",
    "文类",
    _terms(
        advertisement=("Advertisement", "广告", "Paid or classified matter.", "广告、启事。"),
    ),
)

PEOPLE = Scheme(
    "epp",
    "person",
    "What a person did",
    "人员职责",
    _terms(
        reporter=("Reporter", "记者", "Wrote the story.", "采写稿件的记者。"),
        correspondent=("Correspondent", "通讯员", "Sent the story in.", "供稿的通讯员。"),
        photographer=("Photographer", "摄影", "Took the picture.", "拍摄图片的人。"),
        other=("Other", "其他", "Took part otherwise.", "以其他方式参与的人。"),
    ),
)

SCHEMES: Mapping[str, Scheme] = MappingProxyType(
    {s.alias: s for s in (HEADLINE_ROLES, RELATIONS, META, GROUPS, KINDS, PEOPLE)}
)

# Aliases of the IPTC catalog that IPTC_CATALOG names, so that no network is needed to
# tell a declared alias from a stray one.
_IPTC_ALIASES = """
    a1312cat a1312prio a1312svc a1312vers acdc altidrole aoprop app aspfacet aspfacetvalue
    authoritystatus bcp47 catinat chprop cinat ciprol colin colsp conf cpnat cpprole cptdefrole
    cptnoterole crel ctech ctrol cusip cwarn dbpedia digsrctype dimensionunit drol dummy ecirol
    edconf ednoterole encd entityprop eocstat eorol eprol eregrol erol figi fisymtype freebase
    frmt gen genre geonames geonameshttps gics googletopicsv1 googletopicsv2 hashscope hashtype
    hatarget hopaction howextr howpr iabadproduct10 iabadproduct20 iabaudience10 iabcontent20
    iabcontent21 iabcontent22 iabcontent30 ikos imgregrole imgregtype impt irel irep isin
    iso3166-1a2 iso3166-1a3 iso3166-2 iso4217a iso4217n isrol ivqu lbtyp loctyp loutorient lrol
    mb-artist mb-label mb-recording mb-release mb-releasegroup mb-work medtop medtype mic mtyp
    ncostat ninat nityp nmsig not nprod nprov nprt nrol oito parasport pgrmod plinat plus prio
    prodgenre prop prov pst1 rcalctype rel riaspect rightsprop riscope rnd role1 rscaleunit rtype
    scn secst sedol sev sig skos sov squ stat subj ticker tidm timeunit tone tpctyp
    trustindicator urgy useracttype valfmt vcdc videodef why wikidata wldreg
"""
IPTC_ALIASES = frozenset(_IPTC_ALIASES.split())
