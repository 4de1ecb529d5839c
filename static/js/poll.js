// Ask how far a long piece of work is, and go to its result when it is finished.
const EVERY = 2000;
const SLOWEST = 30000;

async function ask(url) {
  const answer = await fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

function show(box, now) {
  const bar = box.querySelector("progress");
  if (now.total) {
    bar.max = now.total;
    bar.value = now.done;
  }
  const text = box.querySelector('[data-part="text"]');
  if (now.text && text.textContent !== now.text) text.textContent = now.text;
}

function leave(url) {
  const target = new URL(url || location.href, location.href);
  if (target.origin === location.origin) location.replace(target);
}

async function follow(box, wait) {
  let next = EVERY;
  try {
    const now = await ask(box.dataset.url);
    show(box, now);
    if (now.finished) return leave(now.url);
  } catch {
    next = Math.min(wait * 2, SLOWEST); // a bad line: keep asking, less often
  }
  return setTimeout(() => follow(box, next), next);
}

for (const box of document.querySelectorAll('[data-behaviour~="poll"]')) {
  box.querySelector('[data-part="refresh"]').hidden = true;
  setTimeout(() => follow(box, EVERY), EVERY);
}
