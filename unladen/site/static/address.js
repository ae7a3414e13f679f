/* The state of a page, which is in the hash of its address. */
"use strict";

const Address = (() => {
  /** encodeURIComponent, also of text with half a surrogate pair.
      @param {StateValue} text */
  const encode = (text) =>
    encodeURIComponent(
      String(text).replace(
        /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
        "\ufffd",
      ),
    );

  /** @param {string} text */
  function decode(text) {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  }

  /** @returns {AddressState} */
  function read() {
    /** @type {AddressState} */
    const state = { subject: "" };
    for (const part of location.hash.slice(1).split("&")) {
      const [name, ...rest] = part.split("=");
      if (rest.length) state[decode(name)] = decode(rest.join("="));
      else if (part) state.subject = decode(part);
    }
    return state;
  }

  /** The address's hash for a state; empty values are left out.
      @param {Record<string, StateValue>} state */
  function hashOf(state) {
    const { subject, ...others } = state;
    const parts = subject ? [encode(subject)] : [];
    for (const [name, value] of Object.entries(others)) {
      if (value !== "" && value !== null && value !== undefined && value !== false) {
        parts.push(`${encode(name)}=${encode(value === true ? "1" : value)}`);
      }
    }
    return parts.length ? `#${parts.join("&")}` : "#";
  }

  /** Puts a state into the address without leaving a step in the browser's history.
      @param {Record<string, StateValue>} state */
  const write = (state) => history.replaceState(null, "", hashOf(state));

  /** Calls `show` now and whenever the address changes.
      @param {(state: AddressState) => void} show */
  function follow(show) {
    window.addEventListener("hashchange", () => show(read()));
    show(read());
  }

  return { read, hashOf, write, follow };
})();
