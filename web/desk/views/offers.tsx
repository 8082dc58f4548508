/** Cases that ring: a panel above everything that does not take the focus away. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { desk } from "../app";
import { now } from "../clock";
import { t, word } from "../i18n";
import type { Offer } from "../store/offers";
import { Chip, Icon } from "../ui/basics";
import { LegalChip } from "../ui/clocks";

/** Each offer is announced once, when it begins to ring. */
function Announcer(): JSX.Element {
  const [said, setSaid] = useState<{ id: string; text: string } | null>(null);
  const first = desk.offers.first.value;
  useEffect(() => {
    if (!first) setSaid(null);
    else if (said?.id !== first.row.id) {
      setSaid({ id: first.row.id, text: t.value.offer.announce(first.row.number, first.row.summary_line) });
    }
  }, [first?.row.id]);
  return (
    <div role="alert" class="unseen">
      {said?.text}
    </div>
  );
}

function OfferCard({ offer }: { offer: Offer }): JSX.Element {
  const texts = t.value;
  const { row } = offer;
  const left = Math.max(0, offer.until - now.value);
  const seconds = Math.ceil(left / 1000);
  const busy = desk.busy.value.has(`accept ${row.id}`) || desk.busy.value.has(`decline ${row.id}`);
  return (
    <li class="offer">
      <div class="offer-head">
        <Icon name={row.channel === "voice" ? "voice" : "bell"} />
        <span class="number">{row.number}</span>
        <Chip tone={`priority-${row.priority}`}>{word(texts.priorities, row.priority)}</Chip>
        <Chip tone="kind">{word(texts.kinds, row.kind)}</Chip>
        <LegalChip legal={row.legal} />
        <span class="soft">{`${word(texts.skillNames, row.skill)} · ${word(texts.channels, row.channel)} · ${row.language}`}</span>
      </div>
      <p class="offer-text">{row.summary_line}</p>
      <div class="offer-foot">
        <button type="button" class="primary" disabled={busy} aria-keyshortcuts="Alt+Y" onClick={() => void desk.act(row, "accept")}>
          {texts.offer.accept} <kbd aria-hidden="true">Alt Y</kbd>
        </button>
        <button type="button" disabled={busy} aria-keyshortcuts="Alt+Q" onClick={() => void desk.act(row, "decline")}>
          {texts.offer.decline} <kbd aria-hidden="true">Alt Q</kbd>
        </button>
        <progress class="unseen-progress" max={Math.max(1, offer.ringMs)} value={left} aria-label={texts.offer.left(seconds)} />
        <span class="left" aria-hidden="true">
          {seconds} s
        </span>
      </div>
    </li>
  );
}

export function OffersView(): JSX.Element {
  const offers = desk.offers.all.value;
  return (
    <>
      <Announcer />
      {offers.length > 0 && (
        <section class="offers" aria-labelledby="offers-title">
          <h2 id="offers-title">{t.value.offer.title}</h2>
          <ul>
            {offers.map((offer) => (
              <OfferCard key={offer.row.id} offer={offer} />
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
