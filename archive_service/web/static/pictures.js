// A picture that cannot be drawn gives way to words: the original is still there.
"use strict";

function giveWay(picture) {
  const leaf = picture.closest(".leaf");
  if (leaf) {
    leaf.hidden = true;
    leaf.nextElementSibling.hidden = false;
    document.querySelector(".tools")?.remove();
    document.querySelector("details:has(> [data-key=text])")?.setAttribute("open", "");
  } else {
    picture.parentElement.classList.remove("pic");
    picture.replaceWith(picture.dataset.text);
  }
}

document.querySelectorAll(".leaf.scan img, .page.pic img").forEach((picture) => {
  if (picture.complete && !picture.naturalWidth && picture.loading !== "lazy") giveWay(picture);
  else picture.addEventListener("error", () => giveWay(picture));
});
