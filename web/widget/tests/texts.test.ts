import assert from "node:assert/strict";
import { test } from "node:test";
import { TEXTS } from "../texts";

test("Polish counts people in the right form", () => {
  assert.equal(TEXTS.pl.queue(1), "Miejsce w kolejce: 1. Odpowie najbliższy wolny konsultant.");
  assert.equal(TEXTS.pl.queue(2), "Miejsce w kolejce: 2. Wcześniej czeka 1 osoba.");
  assert.equal(TEXTS.pl.queue(4), "Miejsce w kolejce: 4. Wcześniej czekają 3 osoby.");
  assert.equal(TEXTS.pl.queue(6), "Miejsce w kolejce: 6. Wcześniej czeka 5 osób.");
  assert.equal(TEXTS.pl.queue(13), "Miejsce w kolejce: 13. Wcześniej czeka 12 osób.");
  assert.equal(TEXTS.pl.queue(23), "Miejsce w kolejce: 23. Wcześniej czekają 22 osoby.");
});

test("English counts people in the right form", () => {
  assert.equal(TEXTS.en.queue(2), "Place in the queue: 2. 1 person is ahead.");
  assert.equal(TEXTS.en.queue(3), "Place in the queue: 3. 2 people are ahead.");
});

test("waiting time is a range or about one number, in the right case", () => {
  const pl = TEXTS.pl.waiting;
  assert.equal(pl({ from_min: 2, to_min: 4 }), "Przewidywany czas oczekiwania: 2–4 minuty.");
  assert.equal(pl({ from_min: 5, to_min: 10 }), "Przewidywany czas oczekiwania: 5–10 minut.");
  assert.equal(pl({ from_min: 1, to_min: 1 }), "Przewidywany czas oczekiwania: około 1 minuty.");
  assert.equal(pl({ from_min: 3, to_min: 3 }), "Przewidywany czas oczekiwania: około 3 minut.");
  assert.equal(pl({ from_min: 0, to_min: 1 }), "Przewidywany czas oczekiwania: do 1 minuty.");
  assert.equal(pl({ from_min: 0, to_min: 3 }), "Przewidywany czas oczekiwania: do 3 minut.");
  assert.equal(pl({ from_min: 20, to_min: 22 }), "Przewidywany czas oczekiwania: 20–22 minuty.");
  assert.equal(TEXTS.en.waiting({ from_min: 0, to_min: 2 }), "Estimated waiting time: up to 2 minutes.");
  assert.equal(TEXTS.en.waiting({ from_min: 1, to_min: 1 }), "Estimated waiting time: about 1 minute.");
});

test("unread messages and characters are counted in the right form", () => {
  assert.equal(TEXTS.pl.unread(1), "1 nieprzeczytana wiadomość");
  assert.equal(TEXTS.pl.unread(3), "3 nieprzeczytane wiadomości");
  assert.equal(TEXTS.pl.unread(5), "5 nieprzeczytanych wiadomości");
  assert.equal(TEXTS.pl.left(1), "Pozostało: 1 znak");
  assert.equal(TEXTS.pl.left(22), "Pozostało: 22 znaki");
  assert.match(TEXTS.pl.tooLong(2013, 2000), /ma 2013 znaków, a może mieć najwyżej 2000/);
});

test("both languages have the same codes", () => {
  assert.deepEqual(Object.keys(TEXTS.pl.reasons), Object.keys(TEXTS.en.reasons));
  assert.deepEqual(Object.keys(TEXTS.pl.notices), Object.keys(TEXTS.en.notices));
});
