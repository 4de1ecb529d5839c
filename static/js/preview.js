// Show the chosen picture before it is sent. Listens on the document, so that a form put into the page later has it too.
const named = (input) => input.closest(".field").querySelector('[data-part="preview"]') ?? input.closest(".field").querySelector(".preview");

document.addEventListener("change", (event) => {
  const input = event.target.closest('[data-behaviour~="preview"]');
  if (!input) return;
  const image = named(input);
  const [file] = input.files;
  image.hidden = true;
  if (!file || !file.type.startsWith("image/")) return;
  const reader = new FileReader();
  reader.addEventListener("load", () => {
    image.src = reader.result;
    image.hidden = false;
  });
  reader.readAsDataURL(file);
});
