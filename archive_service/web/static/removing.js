// While a register is being removed: go on with the next records as long as the last ones went.
"use strict";

const form = document.querySelector("form[data-go-on]");
if (form) setTimeout(() => form.requestSubmit(), 400);
