import assert from "node:assert/strict";
import { test } from "node:test";
import { linkify, shownTime, transcript } from "../format";
import { newId } from "../ids";
import { titleWith } from "../view/launcher";
import { turn } from "./samples";

const links = (text: string): string[] => linkify(text).flatMap(({ text: shown, href }) => (href ? [shown] : []));

test("http and https addresses become links, without the sentence's punctuation", () => {
  assert.deepEqual(links("Proszę zob. https://sklep.pl/zwroty."), ["https://sklep.pl/zwroty"]);
  assert.deepEqual(links("(http://a.pl/x) i „https://b.pl/y?c=1&d=2”!"), ["http://a.pl/x", "https://b.pl/y?c=1&d=2"]);
  assert.deepEqual(links("https://pl.wikipedia.org/wiki/Koc_(tkanina)"), ["https://pl.wikipedia.org/wiki/Koc_(tkanina)"]);
});

test("nothing else becomes a link", () => {
  for (const text of ["javascript:alert(1)", "data:text/html,x", "www.sklep.pl", "https://", "xhttps://a.pl", "ftp://a.pl"]) {
    assert.deepEqual(links(text), [], text);
  }
});

test("the pieces together are the text", () => {
  for (const text of ["", "a https://b.pl c", "https://b.pl", "<b>https://b.pl</b>", "https://...", "a\nhttps://b.pl\n"]) {
    assert.equal(linkify(text).map((piece) => piece.text).join(""), text);
  }
});

test("another day's time has its date, and a time that is none is empty", () => {
  const now = new Date(2026, 10, 24, 15, 0);
  assert.equal(shownTime(new Date(2026, 10, 24, 9, 5).toISOString(), "pl", now), "09:05");
  assert.match(shownTime(new Date(2026, 10, 23, 9, 5).toISOString(), "pl", now), /^23 lis.*09:05$/);
  assert.equal(shownTime("soon", "pl", now), "");
});

test("the transcript names who said what", () => {
  const turns = [turn(1), turn(2, { author: "customer" }), turn(3, { author: "agent", name: "Anna" })];
  const lines = transcript(turns, "pl", new Date()).split("\r\n");
  assert.match(lines[0]!, /^Zapis rozmowy, /);
  assert.match(lines[2]!, /^\[.+\] Automat: turn 1$/);
  assert.match(lines[3]!, /\] Ja: turn 2$/);
  assert.match(lines[4]!, /\] Anna: turn 3$/);
});

test("ids are random UUIDs", () => {
  assert.match(newId(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.notEqual(newId(), newId());
});

test("the page's title gets the number of unread messages and loses it again", () => {
  assert.equal(titleWith("Sklep", 2), "(2) Sklep");
  assert.equal(titleWith("(2) Sklep", 13), "(13) Sklep");
  assert.equal(titleWith("(13) Sklep", 0), "Sklep");
});
