// Everything every page needs, and the service worker (offline page only; keeps nothing private).
import "./toast.js";
import "./swap.js";
import "./parts.js";
import "./gallery.js";
import "./order.js";

if ("serviceWorker" in navigator && window.isSecureContext) {
  window.addEventListener("load", () => {
    navigator.serviceWorker.register("/sw.js").catch(() => {});
  });
}

// A page turn cut short by the next one is no error.
for (const name of ["pageswap", "pagereveal"]) {
  window.addEventListener(name, (event) => {
    for (const end of ["ready", "finished"]) event.viewTransition?.[end].catch(() => {});
  });
}
