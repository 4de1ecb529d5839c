// Leave blank fields out of the address of a filtered list; without this they mean "all".
for (const form of document.querySelectorAll('[data-behaviour~="blanks"]')) {
  const fields = () => [...form.elements].filter((field) => field.name);
  form.addEventListener("submit", () => {
    for (const field of fields()) field.disabled = field.value === "";
  });
  // The browser's Back may restore the page with its fields still switched off.
  window.addEventListener("pageshow", () => {
    for (const field of fields()) field.disabled = false;
  });
}
