// A button that shows the password typed in an input, and hides it again before it is sent.
for (const button of document.querySelectorAll('[data-behaviour="reveal"]')) {
  const input = document.getElementById(button.dataset.input);
  const word = button.firstElementChild;
  const words = [word.textContent, button.dataset.hide];
  const show = (shown) => {
    input.type = shown ? "text" : "password";
    word.textContent = words[shown ? 1 : 0];
  };
  button.hidden = false;
  button.addEventListener("click", () => show(input.type === "password"));
  input.form.addEventListener("submit", () => show(false));
}
