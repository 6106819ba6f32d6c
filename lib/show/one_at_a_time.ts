/**
 * Script for pages with players: only one sounds at a time, in whichever cell or card it is. It may
 * stand in a page several times.
 */
export const ONE_AT_A_TIME = `<script>if (!window.yamgPlayers) {
  window.yamgPlayers = true;
  document.addEventListener("play", ({ target }) => {
    for (const other of document.querySelectorAll("audio")) if (other !== target) other.pause();
  }, true);
}</script>`;
