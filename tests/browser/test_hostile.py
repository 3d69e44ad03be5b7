"""News is hostile input: whatever a text holds, it stays text."""

from __future__ import annotations

import copy
import json

import pytest

pytestmark = pytest.mark.browser

ATTACKS = [
    "{{ 7*7 }}{% for x in range(3) %}{{ self.__init__.__globals__ }}{% endfor %}{#",
    "</script><script>alert(1)</script><!--<script>",
    "<img src=x onerror=alert(1)><svg onload=alert(2)>",
    "${alert(3)} `${1+1}` \\u003cscript\\u003e",
    "javascript:alert(4)",
    "\u202egnitirw\u202c \u2066x\u2069 \u2028 \u2029 \x00 \ud83d \uffff",
    '"]};alert(5);//',
    "&lt;b&gt;&#x3c;script>",
]


def poisoned(record, attack):
    """The record with the attack in every field that a text can fill."""
    record = copy.deepcopy(record)
    text = f"{attack} hit Khartoum. {attack}"
    size = len(attack)
    record.update(title=attack, source=attack, url=attack, text=text, warnings=[attack], id=attack)
    start = text.index("Khartoum")
    mention = record["mentions"][0]
    mention.update(start=start, end=start + 8, text="Khartoum", reason=attack)
    mention["place"].update(name=attack, admin1=attack, country=attack, id=attack)
    lost = {**copy.deepcopy(mention), "id": "m2", "start": 0, "end": size, "text": attack, "place": None}
    record["mentions"], record["unresolved"] = [mention, lost], ["m2"]
    event = record["events"][0]
    place = event["locations"][0]
    place.update(mention="m1", method=attack)
    place["relation"].update(text=attack)
    event.update(
        quote=text, start=0, end=len(text), trigger=[0, 1], initiator={"text": attack, "side": attack},
        target={"text": attack, "side": attack}, weapons=[{"text": attack, "class": attack, "count": 1}],
        claims=[{"speaker": attack, "side": attack, "stance": "denies", "start": 0, "end": size}],
        when={"start": None, "end": None, "precision": "unknown", "text": attack}, locations=[place],
    )  # fmt: skip
    strange = {**copy.deepcopy(event), "id": attack, "type": attack}
    record["events"] = [event, strange]
    return record


@pytest.mark.parametrize("attack", ATTACKS)
def test_text_stays_text(opened, sudan, attack):
    page = opened([poisoned(sudan[0], attack)], "#event=e1")
    assert page.text_content("[data-shown]") == "2"
    # The browser replaces what no text may hold; all else is there, letter for letter.
    plain = attack.replace("\ud83d", "\ufffd")
    assert plain in page.text_content("[data-article]").replace("\ud83d", "\ufffd")
    assert plain in page.text_content("[data-detail]").replace("\ud83d", "\ufffd")
    assert (
        page.evaluate("document.querySelectorAll('img, svg[onload], iframe, object, form, base').length") == 0
    )
    assert page.evaluate(
        "[...document.querySelectorAll('a')]"
        ".every((a) => !/^javascript:/i.test(a.getAttribute('href') || ''))"
    )
    page.locator("[data-event]").nth(1).click()
    page.click('[data-export="geojson"]')
    page.uncheck(f"[data-filter={json.dumps('type:air_strike')}]")
    assert page.text_content("[data-shown]") == "1"


def test_the_policy_lets_nothing_in(opened, sudan):
    page = opened(sudan)
    policy = page.get_attribute('meta[http-equiv="Content-Security-Policy"]', "content")
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy and "http" not in policy
    inject = "const s = document.createElement('script'); s.textContent = 'window.broken = 1';"
    assert page.evaluate(
        f"(() => {{ {inject} document.body.append(s); return window.broken === undefined; }})()"
    )
    page.wait_for_timeout(50)
    assert [fault for fault in page.watched.faults if "Content Security Policy" in fault]
    page.watched.faults.clear()  # the refusal was asked for
