// Ask before leaving a form that has changes in it.
for (const form of document.querySelectorAll('[data-behaviour~="unsaved"]')) {
  let changed = false;
  const warn = (event) => {
    if (changed) event.preventDefault();
  };
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", () => { changed = false; });
  window.addEventListener("beforeunload", warn);
}
