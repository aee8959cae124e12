const key = 'secateur-reloaded-at';
/** One reload a minute: a file that is missing for another reason must not keep the page reloading. */
const pause = 60_000;

/** A page that was open during an update asks for files that are gone; the new page has theirs. */
export function reloadAfterUpdate(): void {
  window.addEventListener('vite:preloadError', (event) => {
    const before = Number(sessionStorage.getItem(key) ?? 0);
    if (Date.now() - before < pause) return;
    event.preventDefault();
    sessionStorage.setItem(key, String(Date.now()));
    window.location.reload();
  });
}
