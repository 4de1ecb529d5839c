// A button beside a field that copies what stands in it.
for (const field of document.querySelectorAll('[data-behaviour~="copy"]')) {
  const button = document.createElement("button");
  const { label, done } = field.dataset;
  Object.assign(button, { type: "button", className: "button", textContent: label });
  button.dataset.kind = "secondary";
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      document.execCommand("copy"); // on a plain http address there is no clipboard
    }
    button.textContent = done;
  });
  field.after(button);
}
