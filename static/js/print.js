// A button that prints the page.
for (const button of document.querySelectorAll('[data-behaviour="print"]')) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
