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
