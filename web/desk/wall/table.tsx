/** A table that can be scrolled sideways with the keyboard when the screen is narrow. */

import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";

interface TableProps {
  title: string;
  /** Headings; numbers stand to the right. */
  heads: readonly (string | { number: string })[];
  children: ComponentChildren;
  hideTitle?: boolean;
}

export function Table({ title, heads, children, hideTitle }: TableProps): JSX.Element {
  const id = useId();
  return (
    <div class="table" role="region" aria-labelledby={id} tabIndex={0}>
      <table>
        <caption id={id} class={hideTitle ? "unseen" : ""}>
          {title}
        </caption>
        <thead>
          <tr>
            {heads.map((head, index) =>
              typeof head === "string" ? (
                <th key={index} scope="col">
                  {head}
                </th>
              ) : (
                <th key={index} scope="col" class="right">
                  {head.number}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
