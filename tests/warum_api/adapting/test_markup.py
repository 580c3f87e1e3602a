from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warum_api.adapting.markup import looks_like_html, text_of_html


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<p>a</p><p>b</p>", "a\n\nb\n"),
        ("gro<b>ß</b>artig", "großartig"),
        ("a &lt;b&gt; &amp; c&#8364;&#x20ac;", "a <b> & c€€"),
        ("5 < 6 & 7 > 3", "5 < 6 & 7 > 3"),
        ("a &nosuchthing; b", "a &nosuchthing; b"),
        ("x<script>alert('<b>')</script>y", "x\ny"),
        ("x<!-- <p>hidden</p> -->y<!-- open", "xy"),
        ("<!DOCTYPE html><title>t</title>a", "a"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a b\n"),
        ("a<blockquote>q<blockquote>r</blockquote>s</blockquote>b", "a\nb"),
        ("a<blockquote>open", "a"),
        ("<ul><li>a</li><li>b</li></ul>", "a\n\nb\n"),
        ("   \n a  \t b ", "a b "),
        ("", ""),
        ("<", "<"),
        ("&", "&"),
    ],
)
def test_the_text_that_a_person_sees(source: str, text: str) -> None:
    assert text_of_html(source).text.strip("\n") == text.strip("\n")


@given(st.text(alphabet="ab<>&;/!- \n\"'pbr#x1é", max_size=60))
def test_anything_is_read_and_has_its_place(source: str) -> None:
    found = text_of_html(source)
    previous = 0
    for sign, start, end in zip(found.text, found.starts, found.ends, strict=True):
        assert previous <= start < end <= len(source)
        previous = start
        if not sign.isspace():
            assert sign in html.unescape(source[start:end])


def test_what_looks_like_html() -> None:
    assert looks_like_html("<div>a</div>")
    assert looks_like_html('a<BR CLASS="x">b')
    assert not looks_like_html("a < b and b > c <3")
    assert not looks_like_html("mail me at <ann@example.org>")
