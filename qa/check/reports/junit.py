"""The report as JUnit XML, so that a build shows each quotation as a test."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

from qa.check.records import CheckedQuotation, CheckReport, CitedToken, Warned
from qa.check.reports.wording import Positions, place_words, problems

# XML 1.0 has no place for these, escaped or not.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def report_junit(report: CheckReport, name: str) -> str:
    """Return one test case a quotation, one a citation token; those that are not in order
    failed."""
    positions = Positions(report.draft)
    failed = sum(not quotation.ok for quotation in report.quotations)
    failed += sum(not cited.ok for cited in report.citations)
    cases = "".join(_case(quotation, positions, name) for quotation in report.quotations)
    cases += "".join(_citation(cited, positions, name) for cited in report.citations)
    cases += "".join(_whole(warned, name) for warned in report.warnings)
    failed += len(report.warnings)
    count = len(report.quotations) + len(report.citations) + len(report.warnings)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<testsuites><testsuite name="qa check" tests="{count}" failures="{failed}">'
        f"{cases}</testsuite></testsuites>\n"
    )


def _case(quotation: CheckedQuotation, positions: Positions, name: str) -> str:
    line, column = positions.at(quotation.start)
    title = quoteattr(_clean(f"line {line}: {quotation.text[:80]}"))
    attributes = f'name={title} classname={quoteattr(_clean(name))} line="{line}"'
    if not quotation.ok:
        said = problems(quotation)
        if quotation.matches:
            said.append(place_words(quotation.matches[0]))
        message = quoteattr(_clean(said[0]))
        body = escape(_clean("\n".join((f"{name}:{line}:{column}", *said))))
        return f"<testcase {attributes}><failure message={message}>{body}</failure></testcase>"
    if quotation.warnings:
        said = [warned.message for warned in quotation.warnings]
        body = escape(_clean("\n".join(said)))
        return f"<testcase {attributes}><system-out>{body}</system-out></testcase>"
    return f"<testcase {attributes}/>"


def _citation(cited: CitedToken, positions: Positions, name: str) -> str:
    line, _ = positions.at(cited.start)
    title = quoteattr(_clean(f"line {line}: {cited.token}"))
    attributes = f'name={title} classname={quoteattr(_clean(name))} line="{line}"'
    if cited.ok:
        return f"<testcase {attributes}/>"
    message = quoteattr(_clean(f"{cited.standing.value}: {cited.message}"))
    return f"<testcase {attributes}><failure message={message}/></testcase>"


def _whole(warned: Warned, name: str) -> str:
    """What is wrong with the draft as a whole."""
    attributes = f'name="{warned.kind}" classname={quoteattr(_clean(name))}'
    return f"<testcase {attributes}><failure message={quoteattr(warned.message)}/></testcase>"


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)
