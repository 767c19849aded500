/* A button at each figure, table and finding of a dashboard. It stays the same button while it
   changes what it does, so that the focus stays too. */
(function () {
  const { KEY, MOST, read, write, fill } = window.patokazBasket;
  const cells = document.getElementById('cells');
  const link = document.getElementById('basket');
  const announcement = document.getElementById('announcement');
  const PLAIN = ['sources', 'about'];
  let focused = '';

  function say(sentence) {
    /* The same sentence twice is said twice. */
    announcement.textContent = '';
    setTimeout(() => { announcement.textContent = sentence; }, 50);
  }

  function describe(node) {
    if (node.dataset.finding) return ['finding', node.dataset.finding, node.querySelector('.lead')];
    if (node.dataset.picture) return ['picture', node.dataset.picture, node.querySelector('figcaption')];
    return ['table', node.dataset.table, node.querySelector('caption')];
  }

  function refer(node, kind, name) {
    const said = window.patokaz.said;
    const view = node.closest('[data-rest]') ? said.collect_rest : said.collect_top;
    return `${view}#${kind}:${name}`;
  }

  function findButton(node) {
    if (!node.matches('table')) return node.querySelector(':scope > .collect button');
    const next = node.closest('.table').nextElementSibling;
    return next && next.matches('.collect') ? next.querySelector('button') : null;
  }

  function makeButton(node) {
    const place = document.createElement('p');
    place.className = 'collect';
    const button = document.createElement('button');
    button.type = 'button';
    button.addEventListener('click', () => toggle(button));
    place.append(button);
    if (node.matches('table')) node.closest('.table').after(place);
    else node.append(place);
    return button;
  }

  function set(target, name, value) {
    /* What is the same already is left alone: each change is looked at again. */
    if (target[name] !== value) target[name] = value;
  }

  function paint() {
    const said = window.patokaz.said;
    const held = new Set(read().map((entry) => entry.reference));
    cells.querySelectorAll('figure[data-picture], table[data-table], [data-finding]').forEach((node) => {
      const [kind, name, caption] = describe(node);
      if (kind === 'table' && PLAIN.includes(name)) return;
      const button = findButton(node) || makeButton(node);
      const reference = refer(node, kind, name);
      const isHeld = held.has(reference);
      const word = isHeld ? said.basket_take : said.basket_add;
      set(button.dataset, 'reference', reference);
      set(button, 'textContent', word);
      set(button, 'ariaLabel', `${word}: ${caption ? caption.textContent.trim() : name}`);
      set(button, 'className', isHeld ? 'is-held' : '');
    });
    if (!link) return;
    set(link, 'textContent', `${said.basket_label} (${held.size})`);
    set(link, 'href', new URL(`/basket?language=${said.language}`, location.href).href);
    set(link, 'hidden', false);
  }

  function toggle(button) {
    const said = window.patokaz.said;
    const entries = read();
    const reference = button.dataset.reference;
    const rest = entries.filter((entry) => entry.reference !== reference);
    const isHeld = rest.length < entries.length;
    if (!isHeld && entries.length >= MOST) {
      say(said.basket_full);
      return;
    }
    const next = isHeld ? rest : [...entries, { reference, line: '' }];
    const isKept = write(next);
    paint();
    if (!isKept) say(said.basket_closed);
    else say(fill(isHeld ? said.basket_taken : said.basket_added, { n: next.length }));
  }

  cells.addEventListener('focusin', (event) => { focused = event.target.dataset.reference || ''; });
  new MutationObserver(paint).observe(cells, { childList: true, subtree: true });
  document.addEventListener('patokaz:said', () => {
    paint();
    /* The view that was sent first gives way to the live one: the focus goes along. */
    if (focused && document.activeElement === document.body) {
      const again = cells.querySelector(`button[data-reference="${CSS.escape(focused)}"]`);
      if (again) again.focus({ preventScroll: true });
    }
  });
  window.addEventListener('storage', (event) => { if (event.key === KEY || event.key === null) paint(); });
  window.addEventListener('pageshow', paint);
  paint();
})();
