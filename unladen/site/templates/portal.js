/* What the portal does beyond being read: sort by a column, choose columns, a capability, SDKs, changes.
   The choice is in the address. Everything is there without it. */
"use strict";

(() => {
  /** @param {string} selector @param {ParentNode} [root] */
  const all = (selector, root = document) =>
    /** @type {HTMLElement[]} */ ([...root.querySelectorAll(selector)]);
  const boxes = () => /** @type {HTMLInputElement[]} */ (all(".columns input"));
  /** @param {HTMLTableElement} table */
  const headsOf = (table) => [...(table.tHead?.rows[0].cells || [])];
  const tables = /** @type {HTMLTableElement[]} */ (all("table[data-sortable]"));
  const capability = /** @type {HTMLSelectElement} */ (document.getElementById("capability"));
  const sdk = /** @type {HTMLInputElement} */ (document.getElementById("sdk"));
  const fields = Object.fromEntries(
    ["series", "kind", "size", "state"].map((name) => [
      name,
      /** @type {HTMLInputElement | HTMLSelectElement} */ (document.getElementById(name)),
    ]),
  );
  const state = new URLSearchParams();

  /** The cell's value: a number where it is one, null without any.
      @param {HTMLTableRowElement} row @param {number} column */
  function sortedBy(row, column) {
    const text = row.cells[column].dataset.value;
    if (text === undefined) return null;
    return column === 0 ? text : Number(text);
  }

  /** Rows without a value come last, whichever way.
      @param {HTMLTableElement} table @param {number} column @param {boolean} isUp */
  function sort(table, column, isUp) {
    const body = table.tBodies[0];
    const rows = [...body.rows].map((row) => ({ row, value: sortedBy(row, column) }));
    rows.sort((one, other) => {
      if (one.value === null || other.value === null)
        return Number(one.value === null) - Number(other.value === null);
      const less = one.value < other.value ? -1 : Number(one.value > other.value);
      return isUp ? less : -less;
    });
    body.append(...rows.map(({ row }) => row));
    for (const [number, head] of headsOf(table).entries()) {
      if (number === column) head.setAttribute("aria-sort", isUp ? "ascending" : "descending");
      else head.removeAttribute("aria-sort");
    }
  }

  /** A button in each head of a table, by which it is sorted.
      @param {HTMLTableElement} table @param {number} number */
  function makeSortable(table, number) {
    for (const [column, head] of headsOf(table).entries()) {
      if ("unsortable" in head.dataset) continue;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "plain";
      button.append(head.querySelector(".label") || head.firstChild || "");
      button.addEventListener("click", () => {
        const isUp = head.getAttribute("aria-sort") !== "ascending";
        state.set("sort", [number, column, isUp ? "up" : "down"].join(" "));
        write();
        sort(table, column, isUp);
      });
      head.prepend(button);
    }
  }

  /** Boxes for the columns of a table, of which each may be left out.
      @param {HTMLTableElement} table @param {number} number */
  function makeColumns(table, number) {
    const heads = headsOf(table).slice(1);
    const section = table.closest("section");
    if (!section || heads.length < 2) return;
    const details = document.createElement("details");
    details.className = "columns";
    details.append(Object.assign(document.createElement("summary"), { textContent: "Columns" }));
    for (const [index, head] of heads.entries()) {
      const box = Object.assign(document.createElement("input"), {
        type: "checkbox",
        checked: true,
      });
      box.dataset.column = [number, index + 1].join(" ");
      box.addEventListener("change", () => {
        const hidden = boxes().filter((one) => !one.checked);
        state.set("without", hidden.map((one) => one.dataset.column).join(","));
        write();
        showColumn(table, index + 1, box.checked);
      });
      const label = document.createElement("label");
      label.append(box, head.querySelector(".label")?.textContent || "");
      details.append(label);
    }
    table.parentElement?.before(details);
  }

  /** @param {HTMLTableElement} table @param {number} column @param {boolean} isShown */
  function showColumn(table, column, isShown) {
    for (const row of table.rows) row.cells[column].hidden = !isShown;
  }

  /** Whether a change of the lists is all that is asked for, as on the pages of a target.
      @param {DOMStringMap} told */
  function isAsked(told) {
    const words = fields.series.value.trim().toLowerCase().split(/\s+/);
    /** @param {string} name */
    const has = (name) =>
      !fields[name].value || told[name]?.split(" ").includes(fields[name].value);
    const step = /** @type {HTMLSelectElement} */ (fields.size).selectedIndex;
    const isCalled = words.every((word) => told.series?.includes(word));
    return isCalled && has("kind") && has("state") && Number(told.size) >= step;
  }

  /** Hide the changes that are not asked for, unfold lists with some that are. */
  function filter() {
    const isNarrow = Object.values(fields).some(({ value }) => value.trim());
    const lines = all(".found > li[data-kind]");
    for (const line of lines) line.hidden ||= !isAsked(line.dataset);
    const left = lines.filter((line) => !line.hidden);
    for (const details of all("details.more:has(.found)")) {
      if (isNarrow)
        details.toggleAttribute(
          "open",
          left.some((line) => details.contains(line)),
        );
    }
    const said = document.getElementById("matching");
    if (said) said.textContent = isNarrow ? `${left.length} of ${lines.length} changes` : "";
  }

  /** Show only what is chosen; of a cost the one of the capability that is. */
  function choose() {
    const [wanted, text] = [capability.value, sdk.value.trim().toLowerCase()];
    for (const one of all("[data-sdk], section[data-capability]")) {
      const { sdk: name = "", capability: of, capabilities } = one.dataset;
      const has = of === undefined ? capabilities?.split(".") : [of];
      const isOther = wanted && has && !has.includes(wanted);
      one.hidden = Boolean(isOther || (text && name && !name.toLowerCase().includes(text)));
    }
    for (const cell of all(".now td:has(.cost)")) showCost(cell, wanted);
    for (const details of all(".found + .more")) {
      details.toggleAttribute("open", Boolean(wanted || text));
    }
    const rows = all(".now tbody tr");
    const left = rows.filter((row) => !row.hidden).length;
    const said = document.getElementById("chosen");
    if (said) said.textContent = left < rows.length ? `${left} of ${rows.length} SDKs` : "";
    filter();
    sortAsAsked();
  }

  /** @param {HTMLElement} cell @param {string} wanted */
  function showCost(cell, wanted) {
    const costs = all(".cost", cell);
    const shown =
      costs.find(({ dataset }) => dataset.cost === wanted) || (wanted ? null : costs[0]);
    for (const cost of costs) cost.hidden = cost !== shown;
    if (shown?.dataset.value) cell.dataset.value = shown.dataset.value;
    else delete cell.dataset.value;
  }

  function sortAsAsked() {
    const [number, column, way] = (state.get("sort") || "").split(" ");
    const table = tables[Number(number)];
    if (way && table && headsOf(table)[Number(column)]) sort(table, Number(column), way === "up");
  }

  function write() {
    for (const [name, value] of [...state]) if (!value) state.delete(name);
    history.replaceState(null, "", state.size ? `#${state}` : location.pathname.split("/").pop());
  }

  function read() {
    if (!location.hash.includes("=")) return;
    const asked = new URLSearchParams(location.hash.slice(1));
    for (const [name, value] of asked) state.set(name, value);
    capability.value = state.get("capability") || "";
    sdk.value = state.get("sdk") || "";
    for (const [name, field] of Object.entries(fields)) field.value = state.get(name) || "";
    const without = (state.get("without") || "").split(",");
    for (const box of boxes()) {
      const [at, index] = (box.dataset.column || "").split(" ").map(Number);
      box.checked = !without.includes(box.dataset.column || "");
      showColumn(tables[at], index, box.checked);
    }
  }

  tables.forEach(makeSortable);
  tables.forEach(makeColumns);
  for (const section of all("section[data-capability]")) {
    const name = section.dataset.capability;
    const title = section.querySelector("h3")?.textContent || "";
    if (name) capability.append(new Option(title, name));
  }
  for (const control of [capability, sdk, ...Object.values(fields)]) {
    control.addEventListener("input", () => {
      state.set(control.id, control.value);
      write();
      choose();
    });
  }
  for (const choice of all("#choose, #filters")) choice.hidden = false;
  document.getElementById("filters")?.addEventListener("submit", (event) => event.preventDefault());
  read();
  choose();
  addEventListener("hashchange", () => {
    read();
    choose();
  });
})();
