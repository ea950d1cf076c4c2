
"use strict";
(() => {
  const ROWS_AT_ONCE = 100;
  const MOST_SITES = 2000;
  const [DOCUMENT, POSITION, CAUSE, TEXT, OF, OF_POSITION, SIMILARITY] = [0, 1, 2, 3, 4, 5, 6];
  const byId = (id) => document.getElementById(id);
  const theme = byId("theme");
  theme.hidden = false;
  theme.addEventListener("click", () => {
    const shown = document.documentElement.dataset.theme
      || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
    document.documentElement.dataset.theme = shown === "dark" ? "light" : "dark";
  });
  addEventListener("beforeprint", () => {
    for (const one of document.querySelectorAll("details")) one.open = true;
  });

  const say = (text) => { byId("state").textContent = text; };
  const number = (count) => count.toLocaleString("en");

  async function read() {
    const packed = Uint8Array.from(atob(byId("data").textContent), (one) => one.charCodeAt(0));
    const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
    return JSON.parse(await new Response(unpacked).text());
  }

  function fill(select, names) {
    for (const [value, text] of names) {
      const option = document.createElement("option");
      option.value = value;
      option.textContent = text;
      select.append(option);
    }
  }

  function counted(keys) {
    const counts = new Map();
    for (const key of keys) counts.set(key, (counts.get(key) || 0) + 1);
    return counts;
  }

  function causesOf(data) {
    const counts = counted(data.rows.map((row) => data.causes[row[CAUSE]]));
    const categories = new Map();
    for (const [cause, count] of counts) {
      const category = cause.includes(".") ? cause.slice(0, cause.indexOf(".") + 1) : cause;
      const held = categories.get(category) || [0, []];
      held[0] += count;
      if (category !== cause) held[1].push([cause, count]);
      categories.set(category, held);
    }
    const names = [["boilerplate", "boilerplate: all rules"]];
    for (const [category, [count, causes]] of [...categories].sort()) {
      names.push([category, `${category.replace(".", "")}: ${number(count)}`]);
      for (const [cause, one] of causes.sort()) names.push([cause, `\u2003${cause}: ${number(one)}`]);
    }
    return names;
  }

  function start(data) {
    const search = byId("search"), cause = byId("cause"), site = byId("site");
    const body = byId("found").tBodies[0];
    const low = data.rows.map(
      (row) => `${row[TEXT]}\n${data.documents[row[DOCUMENT]][0]}`.toLowerCase());
    let found = [], first = 0;
    fill(cause, causesOf(data));
    const sites = counted(data.rows.map((row) => data.documents[row[DOCUMENT]][1]));
    const largest = [...sites].sort((a, b) => b[1] - a[1]).slice(0, MOST_SITES);
    fill(site, largest.map(([name, count]) => [name, `${name}: ${number(count)}`]));

    function isOfCause(name, wanted) {
      if (!wanted || name === wanted) return true;
      if (wanted === "boilerplate") return name.includes(".");
      return wanted.endsWith(".") && name.startsWith(wanted);
    }

    function filter() {
      const words = search.value.toLowerCase();
      const causes = data.causes.map((name) => isOfCause(name, cause.value));
      found = [];
      for (let at = 0; at < data.rows.length; at += 1) {
        const row = data.rows[at];
        if (causes[row[CAUSE]]
          && (!site.value || data.documents[row[DOCUMENT]][1] === site.value)
          && (!words || low[at].includes(words))) found.push(at);
      }
      show(0);
    }

    function show(from) {
      first = from;
      const last = Math.min(first + ROWS_AT_ONCE, found.length);
      body.replaceChildren(...found.slice(first, last).map((at) => line(data.rows[at])));
      say(`${number(found.length)} of ${number(data.rows.length)} removed paragraphs`);
      byId("place").textContent = found.length ? `${number(first + 1)} to ${number(last)}` : "";
      byId("previous").disabled = first === 0;
      byId("next").disabled = last >= found.length;
    }

    function line(row) {
      const tr = document.createElement("tr");
      const of = row[OF] === null ? ""
        : `${row[OF]}, paragraph ${row[OF_POSITION]}, ${row[SIMILARITY].toFixed(2)} alike`;
      const cells = [row[TEXT], data.causes[row[CAUSE]], data.documents[row[DOCUMENT]][0],
        String(row[POSITION]), of];
      cells.forEach((text, column) => {
        const td = document.createElement("td");
        td.textContent = text;
        if (column === 0) td.className = "text";
        if (column === 3) td.className = "number";
        tr.append(td);
      });
      return tr;
    }

    function leaf(step) {
      const next = first + step * ROWS_AT_ONCE;
      if (next >= 0 && next < found.length) show(next);
    }

    let waiting;
    search.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(filter, 120);
    });
    for (const one of [cause, site]) one.addEventListener("change", filter);
    byId("filters").addEventListener("submit", (event) => event.preventDefault());
    byId("filters").addEventListener("reset", () => setTimeout(filter));
    byId("previous").addEventListener("click", () => leaf(-1));
    byId("next").addEventListener("click", () => leaf(1));
    addEventListener("keydown", (event) => {
      if (event.target.closest("input, select, textarea")
        || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "/") {
        event.preventDefault();
        search.focus();
      }
      if (event.key === "ArrowLeft") leaf(-1);
      if (event.key === "ArrowRight") leaf(1);
    });
    document.addEventListener("click", (event) => {
      const link = event.target.closest("a[data-cause], a[data-site], a[data-search]");
      if (!link) return;
      cause.value = link.dataset.cause || "";
      site.value = link.dataset.site || "";
      search.value = link.dataset.search || "";
      filter();
    });
    for (const id of ["filters", "found", "pager"]) byId(id).hidden = false;
    filter();
  }

  if (typeof DecompressionStream === "undefined") {
    say("This browser is too old for the search (it cannot unpack gzip); the rest of the page works.");
    return;
  }
  read().then(start).catch((error) => say(`The list cannot be read: ${error}`));
})();
