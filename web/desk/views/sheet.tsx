/** The sheet of keyboard shortcuts. */

import type { JSX } from "preact";
import { prefs } from "../browser";
import { t } from "../i18n";
import { Dialog } from "../ui/basics";
import { KEYS, keyLabel, sheetOpen } from "./keys";
import type { KeyName } from "./keys";

export function Sheet(): JSX.Element | null {
  if (!sheetOpen.value) return null;
  const texts = t.value.shortcuts;
  const names = Object.keys(KEYS) as KeyName[];
  const rows: [string[], string][] = [
    ...names.map((name): [string[], string] => [keyLabel(name), texts.keys[name]]),
    [["F6"], texts.keys.regions],
    [["Enter"], texts.keys.send],
    [["Shift", "Enter"], texts.keys.line],
    [["/"], texts.keys.canned],
    [["?"], texts.keys.sheet],
  ];
  return (
    <Dialog
      wide
      title={texts.title}
      onClose={() => {
        sheetOpen.value = false;
      }}
    >
      <p class="hint">{texts.hint}</p>
      <dl class="keys">
        {rows.map(([keys, text]) => (
          <div key={text}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <label class="check">
        <input
          type="checkbox"
          checked={prefs.singleKeys.value}
          onChange={(event) => {
            prefs.singleKeys.value = event.currentTarget.checked;
          }}
        />
        {texts.singleKeys}
      </label>
    </Dialog>
  );
}
