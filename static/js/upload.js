// Send a form with a file: made smaller where that helps, with a progress bar, and never losing what was typed.
import { shrunk } from "./shrink.js";

const marked = '[data-behaviour~="upload"]';
const part = (input, name) => input.closest(".field").querySelector(`[data-part="${name}"]`);
const megabytes = (bytes) => `${(bytes / 1024 / 1024).toFixed(1)} MB`;

function say(box, text, percent) {
  box.hidden = false;
  box.querySelector(".progress-text").textContent = text;
  const bar = box.querySelector("progress");
  if (percent === null) bar.removeAttribute("value"); // moving, for as long as it takes
  else bar.value = percent;
}

function putInPlace(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const [here, there] = [document.querySelector("main"), page.querySelector("main")];
  if (!there) return false;
  here.replaceWith(there);
  for (const box of there.querySelectorAll(marked)) offerCamera(box);
  (there.querySelector(".error-summary") ?? there).focus();
  scrollTo(0, 0);
  return true;
}

function finish(sender, box, busy) {
  if (sender.getResponseHeader("Content-Type")?.startsWith("application/json")) {
    location.assign(JSON.parse(sender.responseText).url);
  } else if (sender.status === 401 || !putInPlace(sender.responseText)) {
    fail(box, busy);
  }
}

function fail(box, busy) {
  busy.disabled = false;
  say(box, box.dataset.lost, 0);
}

async function send(form, input) {
  const [box, busy] = [part(input, "progress"), form.querySelector("button:not([type])")];
  busy.disabled = true;
  say(box, box.dataset.sending, 0);
  const chosen = part(input, "chosen");
  const body = new FormData(form);
  body.delete(input.name);
  for (const file of input.files) {
    const smaller = await shrunk(file);
    if (smaller !== file && chosen) chosen.textContent = chosen.dataset.smaller.replace("#", `${megabytes(file.size)} → ${megabytes(smaller.size)}`);
    body.append(input.name, smaller, file.name);
  }
  const sender = new XMLHttpRequest();
  sender.open("POST", form.action);
  sender.setRequestHeader("Accept", "application/json");
  sender.upload.addEventListener("progress", (event) => say(box, box.dataset.sending, (100 * event.loaded) / event.total));
  sender.upload.addEventListener("load", () => say(box, box.dataset.checking, null));
  sender.addEventListener("load", () => finish(sender, box, busy));
  for (const lost of ["error", "abort", "timeout"]) sender.addEventListener(lost, () => fail(box, busy));
  sender.send(body);
}

// A phone's camera at one touch; the file field itself stays for the file downloaded from iGOT, which is better.
function offerCamera(input) {
  const camera = part(input, "camera"); // only where a picture is asked for
  if (camera && matchMedia("(pointer: coarse)").matches) camera.hidden = false;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest('[data-part="camera"] button');
  if (!button) return;
  const input = button.closest(".field").querySelector(marked);
  const { accept } = input;
  Object.assign(input, { accept: "image/jpeg", capture: "environment" });
  input.click();
  Object.assign(input, { accept });
  input.removeAttribute("capture");
});

document.addEventListener("submit", (event) => {
  const input = event.target.querySelector(marked);
  if (!input?.files.length) return; // nothing to carry: the browser sends it as always
  event.preventDefault();
  send(event.target, input);
});

for (const input of document.querySelectorAll(marked)) offerCamera(input);
