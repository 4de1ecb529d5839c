// The search box of the masthead: suggests officers while one types, and "/" leads to it. Without this it is a form.
const WAIT = 150;
const FEWEST_LETTERS = 2;

function listFor(box, input) {
  const list = document.createElement("ul");
  list.id = `${input.id}-list`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", box.getAttribute("aria-label"));
  list.hidden = true;
  box.append(list);
  const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false" };
  for (const [name, value] of Object.entries(attributes)) input.setAttribute(name, value);
  return list;
}

function optionOf(officer, number, list) {
  const option = document.createElement("li");
  const [name, detail] = [document.createElement("strong"), document.createElement("span")];
  option.id = `${list.id}-${number}`;
  option.setAttribute("role", "option");
  option.dataset.url = officer.url;
  name.textContent = officer.name;
  detail.textContent = officer.detail;
  option.append(name, detail);
  return option;
}

function suggestIn(box) {
  const input = box.querySelector("input");
  const list = listFor(box, input);
  let timer = 0;
  let asking = new AbortController();

  const options = () => [...list.children];
  const chosen = () => options().find((one) => one.getAttribute("aria-selected") === "true");
  const choose = (option) => {
    for (const one of options()) one.setAttribute("aria-selected", String(one === option));
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
  };
  const show = (officers) => {
    list.replaceChildren(...officers.map((officer, number) => optionOf(officer, number, list)));
    list.hidden = officers.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    choose(null);
  };
  const ask = async () => {
    asking.abort();
    asking = new AbortController();
    const text = input.value.trim();
    if (text.length < FEWEST_LETTERS) return show([]);
    try {
      const url = `${box.dataset.url}?${new URLSearchParams({ q: text })}`;
      const answer = await fetch(url, { signal: asking.signal, credentials: "same-origin" });
      if (answer.ok) show((await answer.json()).officers);
    } catch {
      // a later letter was typed, or the line is bad: Enter still searches
    }
  };
  const move = (step) => {
    const all = options();
    const next = all.indexOf(chosen()) + step;
    choose(all[(next + all.length) % all.length]);
  };
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  input.addEventListener("keydown", (event) => {
    const steps = { ArrowDown: 1, ArrowUp: chosen() ? -1 : 0 };
    if (event.key === "Escape") show([]);
    if (list.hidden) return;
    if (event.key in steps) {
      event.preventDefault();
      move(steps[event.key]);
    } else if (event.key === "Enter" && chosen()) {
      event.preventDefault();
      location.assign(chosen().dataset.url);
    }
  });
  list.addEventListener("mousedown", (event) => {
    const option = event.target.closest("li");
    if (option) location.assign(option.dataset.url);
  });
  input.addEventListener("blur", () => show([]));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.target.closest("input, select, textarea, [contenteditable]")) return;
    event.preventDefault();
    input.focus();
  });
}

for (const box of document.querySelectorAll('[data-behaviour~="find"]')) suggestIn(box);
