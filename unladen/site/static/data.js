/* The data files, each of which is a call of `Unladen.receive`: pages opened from a file may not
fetch, but may load a script. */
"use strict";

const Unladen = (() => {
  /** @type {Map<string, any>} */
  const received = new Map();
  /** @type {Map<string, {resolve: (data: any) => void, reject: (error: Error) => void}[]>} */
  const waiting = new Map();

  /** @param {string} file */
  const missing = (file) => new Error(`${file} is not there: publish again`);

  /** Called by the data files. A file that was asked for is known by where it lies: those of other
      targets are called alike.
      @param {string} name @param {unknown} data */
  function receive(name, data) {
    const file = document.currentScript?.dataset.file ?? fileOf(name);
    received.set(file, data);
    for (const { resolve } of waiting.get(file) || []) resolve(data);
    waiting.delete(file);
  }

  /** @param {string} name @param {string} [folder] @param {string} [within] */
  const fileOf = (name, folder = "", within = "data/") => `${folder}${within}${name}.js`;

  /** What a page's own script tag has loaded.
      @template {keyof DataFiles} Name @param {Name} name @returns {DataFiles[Name]} */
  function data(name) {
    const file = fileOf(name);
    if (!received.has(file)) throw missing(file);
    return received.get(file);
  }

  /** Promises the data file of that name; it is loaded once. Rejects if it is not there. `folder`:
      the way to another target's, ending in "/"; `within`: where in it data lies.
      @template {keyof DataFiles} Name
      @param {Name} name @param {string} [folder] @param {string} [within]
      @returns {Promise<DataFiles[Name]>} */
  function load(name, folder, within) {
    const file = fileOf(name, folder, within);
    if (received.has(file)) return Promise.resolve(received.get(file));
    return new Promise((resolve, reject) => {
      const others = waiting.get(file);
      if (others) {
        others.push({ resolve, reject });
        return;
      }
      waiting.set(file, [{ resolve, reject }]);
      const script = document.createElement("script");
      script.src = file;
      script.dataset.file = file;
      script.onerror = () => {
        for (const one of waiting.get(file) || []) one.reject(missing(file));
        waiting.delete(file);
      };
      document.head.append(script);
    });
  }

  return { receive, data, load };
})();
