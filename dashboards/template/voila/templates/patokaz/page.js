/* What the kernel cannot do: language, title and address of the page follow the choice, the change
   is announced, and the first view goes when the live one is there. */
(function () {
  const cells = document.getElementById('cells');
  const announcement = document.getElementById('announcement');
  let last = '';
  let timer = 0;
  /* Which part of each view is open: a new choice of place or year leaves it open. */
  const open = new Map();
  /* What the map was switched to on this page: "squares" or "map"; blank as long as nobody did. */
  let view = '';

  function switchLanguage(code) {
    const asked = new URLSearchParams(location.search);
    asked.set('language', code);
    return '?' + asked.toString();
  }

  function withView(query) {
    if (!view) return query;
    const asked = new URLSearchParams(query);
    asked.delete('view');
    if (view !== 'map') asked.set('view', view);
    return asked.toString();
  }

  function keepAddress(query) {
    history.replaceState(null, '', location.pathname + '?' + withView(query));
    document.querySelectorAll('[data-address]').forEach((node) => {
      node.textContent = location.href;
    });
  }

  function followLinks(said) {
    document.querySelectorAll('[data-link]').forEach((node) => {
      node.href = said[node.dataset.link];
    });
    document.querySelectorAll('[data-part]').forEach((node) => {
      node.href = said.pages + said.language + '/changes/index.html#' + node.dataset.part;
    });
    document.querySelectorAll('[data-language]').forEach((node) => {
      node.href = switchLanguage(node.dataset.language);
      if (node.dataset.language === said.language) node.setAttribute('aria-current', 'true');
      else node.removeAttribute('aria-current');
    });
    document.querySelectorAll('[data-name]').forEach((node) => {
      if (said[node.dataset.name]) node.setAttribute('aria-label', said[node.dataset.name]);
    });
  }

  function reopen() {
    open.forEach((id) => {
      const pick = document.getElementById(id);
      if (pick) pick.checked = true;
    });
  }

  function follow(said) {
    document.documentElement.lang = said.language;
    document.title = said.title;
    document.querySelectorAll('[data-say]').forEach((node) => {
      node.textContent = said[node.dataset.say] || '';
    });
    window.patokaz.lost = said.lost;
    window.patokaz.copied = said.copied;
    keepAddress(said.query);
    followLinks(said);
    if (embed) writeSnippet();
    reopen();
    document.querySelectorAll('[data-first]').forEach((node) => node.remove());
    clearTimeout(timer);
    cells.removeAttribute('aria-busy');
    announcement.textContent = said.update > 1 ? said.announcement : '';
    document.body.dataset.ready = String(said.update);
    window.patokaz.said = said;
    document.dispatchEvent(new Event('patokaz:said'));
  }

  function look() {
    const node = cells.querySelector('[data-live]');
    if (node && node.dataset.live !== last) {
      last = node.dataset.live;
      follow(JSON.parse(last));
    }
  }

  new MutationObserver(() => { look(); reopen(); }).observe(cells, { childList: true, subtree: true });
  cells.addEventListener('change', (event) => {
    if (event.target.matches('.pick')) open.set(event.target.name, event.target.id);
    if (!event.target.closest('.controls')) return;
    cells.setAttribute('aria-busy', 'true');
    clearTimeout(timer);
    timer = setTimeout(() => {
      announcement.textContent = window.patokaz.lost;
    }, window.patokaz.wait);
  });
  window.addEventListener('message', (event) => {
    const maps = [...cells.querySelectorAll('iframe.map')];
    if (!event.data || !event.data.map || !maps.some((map) => map.contentWindow === event.source)) return;
    const told = event.data.map;
    if (told.ready) {
      if (view) event.source.postMessage({ view }, '*');
    } else if (told.view === 'map' || told.view === 'squares') {
      view = told.view;
      keepAddress(location.search);
      if (window.patokaz.said) followLinks(window.patokaz.said);
      if (embed) writeSnippet();
    }
  });
  const copy = document.getElementById('copy');
  if (copy && navigator.clipboard) {
    copy.hidden = false;
    copy.addEventListener('click', () => {
      navigator.clipboard.writeText(location.href).then(() => {
        announcement.textContent = window.patokaz.copied;
      });
    });
  }
  const embed = document.getElementById('embed');
  const code = document.getElementById('code');
  const snippet = document.getElementById('snippet');

  function quote(text) {
    return text.replace(/[&"<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  }

  function writeSnippet() {
    const address = location.origin + location.pathname.replace('/dashboards/', '/embed/') + location.search;
    code.value = `<iframe src="${quote(address)}" title="${quote(document.title)}" `
      + 'width="100%" height="900" style="border: 0" loading="lazy"></iframe>';
  }
  if (embed) {
    embed.hidden = false;
    embed.addEventListener('click', () => {
      snippet.hidden = !snippet.hidden;
      embed.setAttribute('aria-expanded', String(!snippet.hidden));
      if (snippet.hidden) return;
      writeSnippet();
      code.focus();
      code.select();
    });
  }
  window.addEventListener('beforeprint', () => {
    cells.querySelectorAll('details').forEach((node) => { node.open = true; });
  });
})();
