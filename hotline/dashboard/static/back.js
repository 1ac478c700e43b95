// This page is the answer to a form. Coming back to it, or loading it again, asks for the page of that form
// instead: the browser would otherwise want to send the form once more, and show an error of its own.
"use strict";

history.replaceState(null, "", document.currentScript.dataset.page + location.hash);
