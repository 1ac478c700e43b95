// Where one logs in, nobody is: what the hotline has is not kept on this device, and of what it has not yet, it is said
// that it stays, as there is no other copy.
"use strict";

(() => {
  const UNSAVED = ["note:", "form:", "number:", "day:"];

  device.keys("seen:").forEach(device.forget);
  if (!UNSAVED.some((prefix) => device.keys(prefix).length)) return;
  const place = document.getElementById("left-here");
  const notice = document.createElement("p");
  notice.className = "notice neutral";
  notice.textContent = place.dataset.words;
  place.append(notice);
})();
