/* Making and finding elements. Texts become text nodes, always. */
"use strict";

const Elements = (() => {
  /** @param {readonly Child[]} children @returns {(Node | string)[]} */
  const nodes = (children) => children.flatMap(nodesOf);

  /** @param {Child} child @returns {(Node | string)[]} */
  function nodesOf(child) {
    if (child === null || child === undefined || child === false) return [];
    if (child instanceof Node) return [child];
    return typeof child === "object" ? nodes(child) : [String(child)];
  }

  /** An element with attributes and listeners. Children that are no nodes become text.
      @template {keyof HTMLElementTagNameMap} Tag
      @param {Tag} tag @param {Attributes} [attributes] @param {...Child} children
      @returns {HTMLElementTagNameMap[Tag]} */
  function el(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    const { on, ...others } = attributes;
    for (const [event, listener] of Object.entries(on || {})) {
      element.addEventListener(event, listener);
    }
    for (const [name, value] of Object.entries(others)) {
      if (value === null || value === undefined || value === false) continue;
      element.setAttribute(name, value === true ? "" : String(value));
    }
    element.append(...nodes(children));
    return element;
  }

  /** The element of that id, which the page's template has, or a script made.
      @param {string} id @returns {HTMLElement} */
  function $(id) {
    const found = document.getElementById(id);
    if (!found) throw new Error(`the page has no element ${id}`);
    return found;
  }

  /** The input of that id.
      @param {string} id */
  const input = (id) => /** @type {HTMLInputElement} */ ($(id));

  /** Puts children in the place of those that there are; "" is left out, too.
      @param {HTMLElement} parent @param {...Child} children */
  const fill = (parent, ...children) =>
    parent.replaceChildren(...nodes(children).filter((child) => child !== ""));

  /** Does what may replace the element that has the focus; the one of the same id has it then.
      @param {() => void} replace */
  function keepingFocus(replace) {
    const id = document.activeElement ? document.activeElement.id : "";
    replace();
    if (id) document.getElementById(id)?.focus();
  }

  /** Parts with something between them.
      @param {Child[]} parts @param {() => Child} between @returns {Child[]} */
  const joined = (parts, between) => parts.flatMap((part, n) => (n ? [between(), part] : [part]));

  /** A name that may be broken after its dots and underlines.
      @param {string} name @returns {Child[]} */
  const breakable = (name) => joined(name.split(/(?<=[._])(?=[^._])/), () => el("wbr"));

  /** Shows one line where something could not be shown.
      @param {HTMLElement} parent @param {unknown} error */
  const complain = (parent, error) =>
    parent.append(
      el(
        "p",
        { class: "notice", role: "alert" },
        error instanceof Error ? error.message : String(error),
      ),
    );

  /** Calls `act` when what is there has been shown and there is nothing else to do.
      @param {() => void} act */
  const whenIdle = (act) =>
    requestAnimationFrame(() =>
      "requestIdleCallback" in window
        ? requestIdleCallback(act, { timeout: 500 })
        : setTimeout(act),
    );

  /** Calls `act` when an element first comes near the screen.
      @param {HTMLElement} element @param {() => void} act */
  function whenNear(element, act) {
    const watcher = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) {
          watcher.disconnect();
          act();
        }
      },
      { rootMargin: "300px" },
    );
    watcher.observe(element);
  }

  return { el, $, input, fill, keepingFocus, joined, breakable, complain, whenIdle, whenNear };
})();
