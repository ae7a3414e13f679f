/* Loading data, making elements, and the state in the address. Texts become text nodes, always. */
"use strict";

window.Unladen = window.Unladen || {};

((U) => {
  const received = new Map();
  const waiting = new Map();

  /** Called by the data files. */
  U.receive = (name, data) => {
    received.set(name, data);
    for (const { then } of waiting.get(name) || []) then(data);
    waiting.delete(name);
  };

  /** Promises the data file of that name; it is loaded once. Rejects if it is not there. */
  U.load = (name) => {
    if (received.has(name)) return Promise.resolve(received.get(name));
    return new Promise((then, failed) => {
      const others = waiting.get(name);
      if (others) {
        others.push({ then, failed });
        return;
      }
      waiting.set(name, [{ then, failed }]);
      const script = document.createElement("script");
      script.src = `data/${name}.js`;
      script.onerror = () => {
        for (const one of waiting.get(name) || []) {
          one.failed(new Error(`data/${name}.js is not there: publish again`));
        }
        waiting.delete(name);
      };
      document.head.append(script);
    });
  };

  /** What a page's own script tag has loaded. */
  U.data = (name) => received.get(name);

  /** An element. `properties`: its attributes, and "class", "on" (listeners by event). Children
      that are no nodes become text; null and false are left out. */
  U.el = (tag, properties, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(properties || {})) {
      if (value === null || value === undefined || value === false) continue;
      if (name === "on") {
        for (const [event, listener] of Object.entries(value)) {
          element.addEventListener(event, listener);
        }
      } else element.setAttribute(name, value === true ? "" : String(value));
    }
    element.append(...children.flat().filter((c) => c !== null && c !== undefined && c !== false));
    return element;
  };

  U.$ = (id) => document.getElementById(id);

  U.fill = (parent, ...children) => parent.replaceChildren(...children.flat(2).filter(Boolean));

  /** encodeURIComponent, also of text with half a surrogate pair. */
  U.encode = (text) =>
    encodeURIComponent(
      String(text).replace(
        /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
        "\ufffd",
      ),
    );

  function decode(text) {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  }

  /** The state in the address: `subject`, what comes first without "=", and the other values. */
  U.readState = () => {
    const state = { subject: "" };
    for (const part of location.hash.slice(1).split("&")) {
      const [name, ...rest] = part.split("=");
      if (rest.length) state[decode(name)] = decode(rest.join("="));
      else if (part) state.subject = decode(part);
    }
    return state;
  };

  /** The address's hash for a state; empty values are left out. */
  U.hashOf = (state) => {
    const { subject, ...others } = state;
    const parts = subject ? [U.encode(subject)] : [];
    for (const [name, value] of Object.entries(others)) {
      if (value !== "" && value !== null && value !== undefined && value !== false) {
        parts.push(`${U.encode(name)}=${U.encode(value === true ? "1" : value)}`);
      }
    }
    return parts.length ? `#${parts.join("&")}` : "#";
  };

  /** Puts a state into the address without leaving a step in the browser's history. */
  U.writeState = (state) => history.replaceState(null, "", U.hashOf(state));

  /** Calls `show` now and whenever the address changes. */
  U.onState = (show) => {
    window.addEventListener("hashchange", () => show(U.readState()));
    show(U.readState());
  };

  /** Shows one line where something could not be shown. */
  U.complain = (parent, error) =>
    parent.append(U.el("p", { class: "notice", role: "alert" }, String(error.message || error)));

  /** Calls `then` when what is there has been shown and there is nothing else to do. */
  U.whenIdle = (then) =>
    requestAnimationFrame(() =>
      window.requestIdleCallback ? requestIdleCallback(then, { timeout: 500 }) : setTimeout(then),
    );

  /** Calls `then` when an element first comes near the screen. */
  U.whenNear = (element, then) => {
    const watcher = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) {
          watcher.disconnect();
          then();
        }
      },
      { rootMargin: "300px" },
    );
    watcher.observe(element);
  };

  /** A command with a button that copies it. */
  U.command = (text, label) => {
    const said = U.el("span", { class: "visually-hidden", role: "status" });
    const button = U.el(
      "button",
      {
        type: "button",
        "aria-label": `Copy: ${label}`,
        on: {
          click: async () => {
            const done = await copy(text, pre);
            button.textContent = said.textContent = done ? "Copied" : "Press Ctrl+C";
            setTimeout(() => (button.textContent = "Copy"), 2000);
          },
        },
      },
      "Copy",
    );
    const pre = U.el("pre", {}, U.el("code", {}, text));
    return U.el("div", { class: "command" }, pre, button, said);
  };

  async function copy(text, pre) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Not allowed from file:// in every browser: the text is selected instead.
      getSelection().selectAllChildren(pre);
      return document.execCommand("copy");
    }
  }
})(window.Unladen);
