/* What the kernel cannot do: language, title and address of the page follow the choice, the change
   is announced, and the first view goes when the live one is there. */
(function () {
  const cells = document.getElementById('cells');
  const announcement = document.getElementById('announcement');
  let last = '';
  let timer = 0;

  function follow(said) {
    document.documentElement.lang = said.language;
    document.title = said.title;
    document.querySelectorAll('[data-say]').forEach((node) => {
      node.textContent = said[node.dataset.say] || '';
    });
    document.querySelectorAll('[data-link]').forEach((node) => {
      node.href = said[node.dataset.link];
    });
    window.patokaz.lost = said.lost;
    history.replaceState(null, '', location.pathname + '?' + said.query);
    document.querySelectorAll('[data-address]').forEach((node) => {
      node.textContent = location.href;
    });
    document.querySelectorAll('[data-first]').forEach((node) => node.remove());
    clearTimeout(timer);
    cells.removeAttribute('aria-busy');
    announcement.textContent = said.update > 1 ? said.announcement : '';
    document.body.dataset.ready = String(said.update);
  }

  function look() {
    const node = cells.querySelector('[data-live]');
    if (node && node.dataset.live !== last) {
      last = node.dataset.live;
      follow(JSON.parse(last));
    }
  }

  new MutationObserver(look).observe(cells, { childList: true, subtree: true });
  cells.addEventListener('change', (event) => {
    if (!event.target.closest('.controls')) return;
    cells.setAttribute('aria-busy', 'true');
    clearTimeout(timer);
    timer = setTimeout(() => {
      announcement.textContent = window.patokaz.lost;
    }, window.patokaz.wait);
  });
  window.addEventListener('beforeprint', () => {
    cells.querySelectorAll('details').forEach((node) => { node.open = true; });
  });
})();
