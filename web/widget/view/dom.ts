/** Making elements without HTML strings, so that no text can ever become markup. */

type Attributes = Record<string, string | boolean | number | null>;

/** An element with attributes (false and null leave one out) and children. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) setAttribute(element, name, value);
  element.append(...children);
  return element;
}

/** A real button that submits nothing. */
export function button(className: string, onClick: () => void, ...children: (Node | string)[]): HTMLButtonElement {
  const element = h("button", { type: "button", class: className }, ...children);
  element.addEventListener("click", onClick);
  return element;
}

/** A decorative icon from one path on a 24 × 24 grid, in the colour of the text. */
export function icon(path: string): SVGElement {
  const ns = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(ns, "svg");
  const shape = document.createElementNS(ns, "path");
  shape.setAttribute("d", path);
  setAttribute(svg, "viewBox", "0 0 24 24");
  setAttribute(svg, "aria-hidden", "true");
  svg.append(shape);
  return svg;
}

export const ICONS = {
  chat: "M4 4h16a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H9l-5 4v-4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2zm3 5v2h10V9zm0 4v2h7v-2z",
  minimise: "M12 15.5 5 8.5l1.5-1.5L12 12.6 17.5 7 19 8.5z",
  send: "M3 20.5v-7l9-1.5-9-1.5v-7L22 12z",
  person: "M12 12a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zm0 2c-4.4 0-8 2.2-8 5v2h16v-2c0-2.8-3.6-5-8-5z",
};

export function setAttribute(element: Element, name: string, value: string | boolean | number | null): void {
  if (value === false || value === null) element.removeAttribute(name);
  else element.setAttribute(name, value === true ? "" : String(value));
}

/** Change the text only when it differs: screen readers speak what is touched. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
