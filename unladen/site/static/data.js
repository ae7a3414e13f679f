/* The data files, each of which is a call of `Unladen.receive`: pages opened from a file may not
fetch, but may load a script. */
"use strict";

const Unladen = (() => {
  /** @type {Map<string, any>} */
  const received = new Map();
  /** @type {Map<string, {resolve: (data: any) => void, reject: (error: Error) => void}[]>} */
  const waiting = new Map();

  /** @param {string} name */
  const missing = (name) => new Error(`data/${name}.js is not there: publish again`);

  /** Called by the data files.
      @param {string} name @param {unknown} data */
  function receive(name, data) {
    received.set(name, data);
    for (const { resolve } of waiting.get(name) || []) resolve(data);
    waiting.delete(name);
  }

  /** What a page's own script tag has loaded.
      @template {keyof DataFiles} Name @param {Name} name @returns {DataFiles[Name]} */
  function data(name) {
    if (!received.has(name)) throw missing(name);
    return received.get(name);
  }

  /** Promises the data file of that name; it is loaded once. Rejects if it is not there.
      @template {keyof DataFiles} Name @param {Name} name @returns {Promise<DataFiles[Name]>} */
  function load(name) {
    if (received.has(name)) return Promise.resolve(received.get(name));
    return new Promise((resolve, reject) => {
      const others = waiting.get(name);
      if (others) {
        others.push({ resolve, reject });
        return;
      }
      waiting.set(name, [{ resolve, reject }]);
      const script = document.createElement("script");
      script.src = `data/${name}.js`;
      script.onerror = () => {
        for (const one of waiting.get(name) || []) one.reject(missing(name));
        waiting.delete(name);
      };
      document.head.append(script);
    });
  }

  return { receive, data, load };
})();
