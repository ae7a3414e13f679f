/* Old addresses: a series that an address calls by what it was called before it was renamed. */
"use strict";

const Moved = (() => {
  const { el, $ } = Elements;
  /** @type {HTMLElement | null} */
  let shown = null;

  /** The state with the series' name of today in its value `key`. If the address had another, that
      is said above the page's content, and the address becomes the new one.
      @param {AddressState} state @param {string} key @returns {AddressState} */
  function followed(state, key) {
    shown?.remove();
    const old = state[key];
    const series = old ? AllSeries.findFormer(old) : undefined;
    if (!series) return state;
    const next = { ...state, [key]: series.name };
    Address.write(next);
    const text = [`${old} is now called `, el("strong", {}, series.shown), "."];
    shown = el("p", { class: "notice moved", role: "status" }, text);
    $("heading").after(shown);
    return next;
  }

  return { followed };
})();
