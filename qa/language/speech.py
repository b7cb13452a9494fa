"""The forms in which a draft ties speakers to quotations: verbs, credits, what leads to one."""

from __future__ import annotations

import re

_VERBS = (
    r"(?:said|says|told|tells|stated|states|declared|declares|announced|announces|added|adds|noted|"
    r"notes|wrote|writes|argued|argues|warned|warns|asked|asks|replied|replies|answered|answers|"
    r"explained|explains|insisted|insists|claimed|claims|remarked|remarks|observed|observes|"
    r"stressed|stresses|emphasised|emphasized|emphasises|emphasizes|admitted|admits|recalled|"
    r"recalls|concluded|concludes|continued|continues|promised|promises|suggested|suggests|"
    r"maintained|maintains|complained|complains|put it|puts it|called|calls|described|describes|"
    r"reported|reports|testified|asserted|pointed out|commented|proposed|objected|acknowledged|"
    r"conceded|responded|thanked|urged|summed up|"
    r"сказал[аи]?|сказано|заявил[аи]?|заявля(?:ет|ют)|отметил[аи]?|отмеча(?:ет|ют)|"
    r"подчеркнул[аи]?|подч[её]ркива(?:ет|ют)|добавил[аи]?|сообщил[аи]?|сообща(?:ет|ют)|"
    r"ответил[аи]?|отвеча(?:ет|ют)|спросил[аи]?|напомнил[аи]?|пояснил[аи]?|объяснил[аи]?|"
    r"признал[аи]?|признался|призналась|написал[аи]?|пишет|предложил[аи]?|заметил[аи]?|"
    r"возразил[аи]?|утвержда(?:ет|ют|л|ла|ли)|продолжил[аи]?|указал[аи]?|говорит|говорят|"
    r"говорил[аи]?|счита(?:ет|ют)|рассказал[аи]?|уточнил[аи]?|предупредил[аи]?|пообещал[аи]?|"
    r"попросил[аи]?|выразил[аи]?|констатировал[аи]?|резюмировал[аи]?)"
)
VERB = re.compile(rf"\b{_VERBS}\b", re.IGNORECASE)
ACCORDING = re.compile(
    r"(?:\b(?:according to|in the words of|words of|quoting|quotes|quoted)|по словам|"
    r"по мнению|словами|цитирует|цитата)\s+(?P<who>[^,:;()\n]{2,90})",
    re.IGNORECASE,
)
CREDIT = re.compile(r"^[\s,.;]*[—–-]{1,3}\s*(?P<who>[^\W\d_][^\n;()]{1,160})")
PARENTHESIS = re.compile(r"^[\s.,;]*[(\[](?P<inside>[^()\[\]\n]{2,240})[)\]]")
MARKUP = " \t\r\n*_>"
_ENDS_SAYING = re.compile(r"[^\W_]+(?:\s+(?:it|up|out))?(?:\s+(?:that|what|что))?\Z", re.IGNORECASE)


def introduction(text: str) -> str:
    """How a text leads to a quotation right after it: "colon", "verb" (said, said that), "comma"
    (said X,), or "" where it does not."""
    lead = text.rstrip(MARKUP)
    if lead.endswith(":"):
        return "colon"
    if lead[-1:] in (",", "—", "–", "-"):
        return "comma" if VERB.search(lead) or ACCORDING.search(lead) else ""
    ending = _ENDS_SAYING.search(lead[-60:])
    return "verb" if ending is not None and VERB.match(ending.group()) else ""
