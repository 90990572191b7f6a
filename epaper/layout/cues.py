"""Words by which newspapers mark what a line is.

Layout decides by geometry and type first; these patterns only tip the scales between
roles that look alike (a byline and a deck, a caption and a body paragraph).
"""

from __future__ import annotations

import re
from itertools import pairwise

from epaper import reporters

_PAGE = r"(?:第\s*)?[A-Za-z]?\s*[0-9０-９〇零一二三四五六七八九十]{1,3}\s*[版页頁面]?"

_BEFORE = r"^[\s（(【\[〔←→↑↓↘↙↗↖▶►▷◀◁▲▼※●◆☞]*"
JUMP = re.compile(
    _BEFORE
    # OCR may make one sign of a bracket and the letter after it.
    + r"(?:[下緊紧]\s*[转轉接]|上\s*[接承]|"
    r"[0-9A-Za-z丨]?[转轉]\s*(?=[第A-Za-z0-9０-９]|[一二三四五六七八九十]{1,3}\s*版)|"
    r"[详詳]\s*[见見刊]|[见見]\s*第|接\s*第|未完|[续續]完)"
    rf"\s*(?:{_PAGE}[^。！？]{{0,14}})?[\s）)】\]〕]*$"
)
# Of markers, those that point back, and those that say only that there is more.
_BACK = re.compile(_BEFORE + r"上\s*[接承]")
_EITHER_WAY = re.compile(_BEFORE + r"(?:[緊紧]\s*[转轉接]|接\s*第)")
JUMP_START = re.compile(rf"^[（(【\[〔]\s*上\s*[接承]\s*{_PAGE}.{{0,12}}?[）)】\]〕]")

# Whose the words are: 文/张三.
_WORDS_BY = r"文\s*[/／:：]\s*"
_PERSON = r"[一-鿿·]{1,4}(?:[\s、，,/　]+[一-鿿·]{1,4}){0,6}"
BYLINE = re.compile(
    r"^[\s□■◆●○▲△◎◇☆★※【（(/—、-]*"
    # A first letter may be lost in reading: 報記者吳偉.
    r"(?:(?:文?本[报報刊台社网網]|[报報](?=[记記]者)|新[华華]社|[一-鿿]{2,8}(?:日报|日報|晚报|晚報|社|网|電|电))?\s*"
    r"(?:[驻駐][一-鿿]{1,6})?(?:特[约約派]|[实實][习習]|[见見][习習]|首席|全媒体|融媒体|通[讯訊])?\s*"
    r"(?:[记記]者|[通]?[讯訊][员員]|[评評][论論][员員]|[编編][辑輯]|[特专專][稿电電]|撰稿|作者|文(?=\s*[/／:：|]|\s+))"
    r"[组組]?)\s*[:：/]?\s*"
    r".{0,36}$"
)
BYLINE_STRICT = re.compile(
    rf"^[\s□■◆●○▲△◎◇☆★※]*(?:{_WORDS_BY})?"
    r"(?:本[报報刊台社网網]|新[华華]社)\s*(?:[驻駐][一-鿿]{1,6})?"
    r"(?:特[约約派]|[实實][习習]|[见見][习習]|首席|全媒体|融媒体)?\s*"
    r"(?:[记記]者|通[讯訊][员員]|[评評][论論][员員])\s*"
    rf"{_PERSON}[\s）)]*$"
)
# A lead-in with text behind it: 【記者陳小紅臺北報導】省電力, 本报记者上官洋报道 据悉，临江市.
_REPORTED = re.compile(
    r"^[【［\[].{2,24}[】］\]].|.{4,24}[报報][道导導](?:.{0,12}[，。]"
    r"|[\s　]*(?![摄攝图圖文通记記本特实實供编編员員组組])\w)"
)
_MARKED = re.compile(rf"^[□■◆●○▲△◎◇]\s*(?:{_WORDS_BY})?{_PERSON}$")
_WRITER = re.compile(rf"^[\s□■◆●○▲△◎◇]*{_WORDS_BY}(?![图圖摄攝])")
SIGNATURE = re.compile(rf"^[（(]\s*{_PERSON}\s*[）)]$")
LEAD_IN = re.compile(
    r"^(?:本[报報刊台]|新[华華]社|[据據]|中新[社网]).{0,18}(?:[讯訊]|[电電]|消息|[报報]道|[记記]者)"
)
# The same with its reporter alone, in brackets before the text: （记者 毛伟）“队员们.
_REPORTER = re.compile(r"^[（(](?:本[报報])?[记記]者[^（()）]{1,16}[）)]\s*[^\s（(]")
_NEWS = re.compile(
    r"[（(【［\[]?\s*(?:本[报報刊]|新[华華]社|中新社)[^。，,、；;：:]{0,14}?[讯訊电電]"
)
_AGENCY = re.compile(r"[据據]?(?:新[华華]社|中新[社网])(?![记記]者)")
CREDIT = re.compile(
    # After a comma it is the beginning of a word, or one thing of several.
    r"(?<![、，])"
    r"(?:[摄攝](?:影)?(?:报道|報道|報導)?|供[图圖]|[/／]\s*[图圖]|[图圖]片|[制製][图圖]|[绘繪]|[社网網]\s*[发發](?:（.{1,12}）)?)"
    r"[\s）)。/]*$"
)
_CREDIT_FIRST = re.compile(
    r"(?:^|(?<=[\s。！？”」）)]))[\s□■●（(]*(?:[图圖]片?|照片|[摄攝]影|[来來]源)\s*[/／:：]\s*[^。，；]{2,16}$"
)
# The beginning of a credit whose line ends: □本报记|者 周杰 摄, 本报记者 周|杰 摄.
_CREDIT_BEGUN = re.compile(
    r"(?:[□■●◆（(]|本[报報]?|[记記]者?|通[讯訊]?|[讯訊][员員]|[摄攝]影|新[华華]社?)$"
    r"|[□■●◆][^。]{1,6}$"
    r"|^(?:本[报報刊台]|新[华華]社)\s*(?:[记記]者|通[讯訊][员員])\s*[^。，]{1,10}$"
)
_LONGEST_CREDIT = 36
_DASHES = ("——", "－－", "--", "──", "━━")
_SENTENCES = re.compile(r"[^。]{8,}。[^。”’」』）]{3,}")
_CREDITED = r"[一-鿿·]{2,4}(?:[\s、，,]+[一-鿿·]{1,4}){0,4}"
_CREDIT_WHOLE = re.compile(
    r"^[\s（(【\[□■●◆▲]*(?:"
    r"(?:(?:本[报報刊台社网網]|新[华華]社|中新社|中央社|[一-鿿]{2,6}(?:日[报報]|晚[报報]|社|[网網]))\s*)?"
    r"(?:(?:特[约約派]|[实實见見][习習]|首席|[摄攝]影)?\s*(?:[记記]者|通[讯訊][员員])\s*)?"
    rf"{_CREDITED}\s*[/／]?\s*"
    r"(?:[摄攝](?:影)?(?:[报報][道導])?|供[图圖]|[图圖]片|[制製][图圖]|[绘繪]|(?<=[/／])\s*[图圖])"
    rf"|(?:新[华華]社|中新社)\s*(?:[记記]者\s*{_CREDITED})?(?:[发發]\s*(?:[（(].{{2,16}})?|[（(].{{2,16}})"
    rf"|(?:[图圖]片?|照片|[摄攝]影|[来來]源)\s*[/／:：]\s*(?:[记記]者|通[讯訊][员員])?\s*{_CREDITED}"
    r"|[资資]料(?:[图圖]片|照片|[图圖])"
    r")[\s）)\]】。]*$"
)
NOTE = re.compile(r"^[【\[（(]?\s*(?:[编編]者按|按语|编后|開欄語|开栏的话|核心提示|阅读提示)")

# A lead-in's bracket with the text that follows it: （记者刘茜）元宵节期
_RUN_IN = re.compile(r"^[（(][^（()）]*[）)]\s*[“‘「『《]?[^\W\d_]{2}")
_NAMES = re.compile(r"^[一-鿿]{2,3}(?:[\s、　]+[一-鿿]{2,3}){0,3}$")
_LABEL = re.compile(
    r"^(?:[聚关關][焦注].{2,6}|(?:今日|本[报報]|[热熱][点點]|社[会會]|[经經][济濟]|文化|[记記]者|[读讀]者|百姓|"
    r"基[层層]|[权權]威|[编編][辑輯]部|[专專]家|[独獨]家|.{0,4}).{0,2}"
    r"(?:[关關]注|聚焦|走基[层層]|一[线線]|故事|新[貌篇]|[进進]行[时時]|[来來]信|[权權]威[发發]布|[观觀]察|[见見][闻聞]|"
    r"[视視][点點角野]|[评評][论論说說析]?|社[论論]|快[讯訊]|[简簡][讯訊]|[动動][态態]|之窗|人物|[访訪][谈談]|[专專][访訪题題栏欄版]|透[视視]|"
    r"追[踪蹤]|[扫掃]描|解[读讀]|[风風]采|[论論][坛壇]|札[记記]|[随隨][笔筆]|[连連][载載]|特[写寫稿]|花絮|播[报報]|速[递遞]|要[闻聞]|"
    r"[纵縱][横橫]|[导導][读讀]|[链鏈][接]|[评評][论論][员員]))$"
)
# A standing title that no pattern knows is no longer than this.
_TITLE = 4
_COUNT = r"[一二三四五六七八九十廿卅]{1,3}"
# The news names years and weekdays, too: a head has the month beside the year, or the year
# alone, and no words run on from a weekday.
DATE = re.compile(
    r"(?:19|20)\d{2}\s*[年./-]\s*\d{1,2}\s*[月./-]?|民[国國].{1,4}年|"
    r"(?:明治|大正|昭和|平成|令和).{1,6}年|"
    # A day with its page, whatever was read of the year and the weekday between.
    rf"月\s*(?:\d{{1,2}}|{_COUNT})\s*日.{{0,6}}第.{{0,3}}版$|"
    rf"[一二三四五六七八九〇零○]{{4}}年\s*{_COUNT}\s*月|^\s*[一二三四五六七八九〇零○]{{4}}年\s*$"
)
WEEKDAY = re.compile(
    r"曜日|(?:(?<![一-鿿])|(?<=[日号號月年报報版]))"
    r"(?:星\s*期|[礼禮]\s*拜|[周週])\s*[一二三四五六日天]"
    r"(?![一-鿿])|(?:星\s*期|[礼禮]\s*拜)\s*[一二三四五六日天](?=\s*(?:[农農夏舊旧]\s*[历曆]|第|今[日天]|"
    r"[总總本]|出版|[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]))"
)
_SENTENCE = re.compile(r"[，。；、的了在]")
_MASTHEAD = re.compile(
    r"刊\s*[号號]|出版物[号號]|[邮郵]\s*[发發]\s*代|CN\s*[\d一二三四五六七八九]|ISSN|[总總]第\s*\d|"
    r"^[总總]第\s*[○〇零一二三四五六七八九十百千萬万]+\s*[期号號]|"
    r"^第\s*[0-9０-９○〇零一二三四五六七八九十百千萬万]+\s*[期号號]$|"
    r"今日.{0,4}[版张張]|本期.{0,6}版|共\s*[\d一二三四五六七八九十]+\s*版|"
    r"[农農曆历].{0,2}[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]|"
    r"^[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年"
)
# Months by their first letters, English, Portuguese, Spanish.
_MONTH = (
    r"(?:jan|feb|fev|mar|apr|abr|may|mai|jun|jul|aug|ago|sep|set|oct|out|nov|dec|dez|ene|dic)"
    r"[a-zç]*"
)
_LATIN_DATE = re.compile(
    rf"\b\d{{1,2}}(?:st|nd|rd|th|º)?\.?\s+(?:de\s+|of\s+)?{_MONTH}\.?,?\s+(?:de\s+)?[12]\d{{3}}\b"
    rf"|\b{_MONTH}\.?\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+[12]\d{{3}}\b",
    re.IGNORECASE,
)
_LATIN_ISSUE = re.compile(
    r"\b(?:edi[çc][ãa]o|edici[óo]n|edition|issue|vol(?:ume)?|no|n[ºª°])\s*\.?\s*"
    r"(?:n?[ºª°]\s*)?\d[\d.,]*\b",
    re.IGNORECASE,
)
# Both name a figure, and few lines have any.
_FIGURE = re.compile(r"\d")
# A line of a masthead in Latin letters says no more than this.
_LATIN_LINE = 70
_IMPRINT = re.compile(
    r"主管|主办|主辦|出版|https?:|www\.|@|R?[$€£]\s?\d|[热熱][线線]|零售|定[价價]|客户端|社址|[编編][辑輯]部|社[长長]|[总總][编編]|"
    r"[發发]\s*行\s*人|[館馆]址|郵政特准|登記[證証]|[售收]國[幣币]|每[份張张][售收零定]"
)
_EDITOR = re.compile(
    r"责任编辑|責任編輯|责编|版式|美编|校对|本版|组版|主编|编辑[:：]|E-?mail|[\w.]@[\w.]|电话[:：]?\d"
)
ADVERT = re.compile(
    r"广\s*告|廣\s*告|电话|電話|地址|咨询|諮詢|热线|熱線|招聘|招租|促销|优惠|特价|订购|加盟|"
    r"开盘|售楼|恭贺|诚聘|聘英才|开业|酬宾|抢购|选购|清仓|公告|启事|啟事|声明|聲明|拍卖|招标|经销|总代理|微信|扫码"
)

_PAGE_NUMBER = re.compile(
    r"^(?:第\s*[0-9０-９一二三四五六七八九十]{1,3}\s*版|[A-Za-z]?\d{1,3}\s*版?|[A-Z]\d{1,2})$"
)
# The number of an inner page with its section, and what may follow in one line: 02 理论 2025年.
_SECTION = re.compile(
    r"^[A-Za-z]?0?(?:[2-9]|[1-9]\d)\s*版?\s*(?![年月日号號期])[一-鿿]{2,4}(?=[\s\d]|$)"
)
_FIRST_PAGE = re.compile(r"^(?:第\s*)?[A-Za-z]?0{0,2}[1一]\s*版?$")
# Marks whose ink fills but the first half of their square, so that they may hang into a gutter.
HALF_FILLED = frozenset("。，、；：！？”’」』）》")
_TERMINAL = "。！？!?…”』」）)；;:：】》"
_OPEN_END = "，、,：:（(“‘「『《"


def is_masthead(text: str) -> bool:
    """True for a line with what only a masthead says: date, issue, CN number…"""
    text = text.strip()
    if _MASTHEAD.search(text):
        return True
    if len(text) < 40 and not ends_sentence(text) and _is_dated(text):
        return True
    if len(text) >= _LATIN_LINE or not _FIGURE.search(text) or text[-1] in ".:;":
        return False
    return bool(_LATIN_DATE.search(text) or _LATIN_ISSUE.search(text))


def is_inner_number(text: str) -> bool:
    """True for a line that is the number of a page other than the first (第三版, A13, 02)."""
    text = text.strip()
    numbered = _PAGE_NUMBER.match(text) and not _FIRST_PAGE.match(text)
    return bool(numbered or _SECTION.match(text))


def is_imprint(text: str) -> bool:
    """True for a line that may go with a masthead: publisher, address, price."""
    return bool(_IMPRINT.search(text))


def is_folio(text: str) -> bool:
    """True for a line with the words of a page's head line."""
    latin = _LATIN_DATE.search(text) and len(text) < _LATIN_LINE
    return bool(
        _PAGE_NUMBER.match(text.strip()) or _is_dated(text) or latin or _EDITOR.search(text)
    )


def _is_dated(text: str) -> bool:
    """True for a date or a weekday that stands in no sentence."""
    return bool(DATE.search(text) or WEEKDAY.search(text)) and not _SENTENCE.search(text)


def is_square(char: str) -> bool:
    """True for a character that is set on a full square: a letter that is no Latin one."""
    return char.isalpha() and not char.isascii()


def side_by_side(text: str) -> list[tuple[int, int]]:
    """Indices of characters that follow each other, white space between them or not."""
    return list(pairwise(k for k, char in enumerate(text) if not char.isspace()))


def ends_sentence(text: str) -> bool:
    """True if the text could end a paragraph."""
    text = text.rstrip()
    return bool(text) and text[-1] in _TERMINAL and text[-1] not in _OPEN_END


def holds_sentences(text: str) -> bool:
    """True for a sentence and the beginning of another, which no heading is made of."""
    return bool(_SENTENCES.search(text))


def is_byline(text: str) -> bool:
    """True for a line that names its writers and says nothing else."""
    text = text.strip()
    if len(text) > 60 or not (BYLINE.match(text) or _MARKED.match(text)):
        return False
    return not (
        re.search(r"[。！？；]", text)
        or is_label(text)
        or _RUN_IN.match(text)
        or _REPORTED.match(text)
        or reporters.are_told_of(text)
    )


def names_writer(text: str) -> bool:
    """True for a byline of who wrote the text, and of no photographer: 文/本报记者 汤琳."""
    return bool(_WRITER.match(text.strip())) and is_byline(text) and not ends_in_credit(text)


def ends_in_credit(text: str) -> bool:
    """True for words that close with a picture's credit (张三 摄, 图/李四)."""
    return bool(CREDIT.search(text) or _CREDIT_FIRST.search(text))


def is_credit(text: str) -> bool:
    """True for a line that says whose the picture is, and nothing else."""
    return len(text) <= _LONGEST_CREDIT and bool(_CREDIT_WHOLE.match(text.strip()))


def begins_credit(text: str) -> bool:
    """True for words whose end may be the beginning of a credit that goes on in the next line."""
    return bool(_CREDIT_BEGUN.search(text.strip()))


def leads_in(text: str) -> bool:
    """True for words that news begins with: 本报讯, 据新华社电, 【本報訊】."""
    return bool(LEAD_IN.match(text.strip().lstrip("【［[(（")))


def begins_report(text: str) -> bool:
    """True for the beginning of a story: its agency and place, or its reporter in brackets."""
    text = text.strip()
    return bool(LEAD_IN.match(text) or _REPORTER.match(text)) or names_agency(text)


def begins_news(text: str) -> bool:
    """True for news with its agency, place or date and 讯 or 电: 本报桐湖7月20日电."""
    return bool(_NEWS.match(text.strip()))


def names_agency(text: str) -> bool:
    """True for the beginning of a line of news that names its agency: 据新华社内罗毕八."""
    return bool(_AGENCY.match(text.strip()))


def is_dashed(text: str) -> bool:
    """True for words behind a long dash, as decks begin."""
    return text.lstrip().startswith(_DASHES)


def is_names(text: str) -> bool:
    """True for words of two or three characters each, as bare names are printed."""
    return bool(_NAMES.match(text.strip()))


def is_label(text: str) -> bool:
    """True for the short standing titles under which papers set stories (今日关注, 短评)."""
    text = text.strip(" 　■●◆【】[]「」")
    return 2 <= len(text) <= 9 and bool(_LABEL.match(text))


def names_section(text: str) -> bool:
    """True for a standing title, known or told by its few characters: a kicker says more."""
    words = text.strip(" 　■●◆【】[]「」")
    return is_label(words) or (2 <= len(words) <= _TITLE and words.isalpha())


def is_jump(text: str) -> bool:
    """True for a line that is a continuation marker and nothing else."""
    return len(text) <= 30 and bool(JUMP.match(text.strip()))


def points_back(text: str) -> bool | None:
    """Whether a continuation marker names the page that its story comes from.

    None for words that stand at the head of a part as at its foot (紧接第一版).
    """
    if _BACK.match(text):
        return True
    return None if _EITHER_WAY.match(text) else False
