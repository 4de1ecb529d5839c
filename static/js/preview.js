// Show the chosen picture before it is sent.
for (const input of document.querySelectorAll('[data-behaviour~="preview"]')) {
  const image = input.closest(".field").querySelector(".preview");
  const reader = new FileReader();
  reader.addEventListener("load", () => {
    image.src = reader.result;
    image.hidden = false;
  });
  input.addEventListener("change", () => {
    image.hidden = true;
    const [file] = input.files;
    if (file && file.type.startsWith("image/")) reader.readAsDataURL(file);
  });
}
