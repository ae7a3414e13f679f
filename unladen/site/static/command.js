/* Commands to copy. */
"use strict";

const Command = (() => {
  const { el } = Elements;

  /** A command with a button that copies it. `label`: what it does.
      @param {string} text @param {string} label */
  function shown(text, label) {
    const said = el("span", { class: "visually-hidden", role: "status" });
    const pre = el("pre", {}, el("code", {}, text));
    const click = async () => {
      const word = (await copy(text, pre)) ? "Copied" : "Press Ctrl+C";
      button.textContent = word;
      said.textContent = word;
      setTimeout(() => {
        button.textContent = "Copy";
      }, 2000);
    };
    const button = el(
      "button",
      { type: "button", "aria-label": `Copy: ${label}`, on: { click } },
      "Copy",
    );
    return el("div", { class: "command" }, pre, button, said);
  }

  /** @param {string} text @param {HTMLElement} pre */
  async function copy(text, pre) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Not allowed from file:// in every browser: the text is selected instead.
      getSelection()?.selectAllChildren(pre);
      return document.execCommand("copy");
    }
  }

  return { shown };
})();
