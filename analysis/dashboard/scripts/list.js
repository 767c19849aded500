/* The list of the basket: order, lines of one's own, and the documents. */
(function () {
  const { KEY, read, write, fill } = window.patokazBasket;
  const words = JSON.parse(document.getElementById('words').textContent);
  const list = document.getElementById('entries');
  const status = document.getElementById('status');
  const count = document.getElementById('count');
  const tools = document.getElementById('tools');
  const notice = document.getElementById('notice');
  const nothing = document.getElementById('nothing');
  const language = document.documentElement.lang;
  /* What the server said of each reference, until the page is left. */
  const known = new Map();
  let asked = 0;

  function say(sentence) {
    status.textContent = '';
    setTimeout(() => { status.textContent = sentence; }, 50);
  }

  function element(name, attributes, ...children) {
    const made = document.createElement(name);
    Object.entries(attributes).forEach(([key, value]) => {
      if (value !== false) made.setAttribute(key, value === true ? '' : value);
    });
    made.append(...children);
    return made;
  }

  async function send(action) {
    return fetch(`/basket/${action}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ language, entries: read() }),
    });
  }

  async function complain(answer) {
    const told = await answer.json().catch(() => ({}));
    say(told.problem || (answer.status === 503 ? words.busy : words.failed));
  }

  async function learn() {
    if (!read().length) { draw(); return; }
    asked += 1;
    const own = asked;
    list.setAttribute('aria-busy', 'true');
    try {
      const answer = await send('list');
      if (own !== asked) return;
      if (!answer.ok) { await complain(answer); return; }
      const told = await answer.json();
      told.entries.forEach((one) => known.set(one.reference, one));
      notice.textContent = told.notice;
      notice.hidden = !told.notice;
      if (status.textContent === words.reading) status.textContent = '';
    } catch (lost) {
      say(words.failed);
    } finally {
      if (own === asked) {
        list.removeAttribute('aria-busy');
        renew();
      }
    }
  }

  function button(kind, place, label, isIdle, act) {
    const made = element('button', {
      type: 'button', 'data-kind': kind, 'data-place': String(place),
      'aria-label': `${words[kind]}: ${label}`, 'aria-disabled': isIdle ? 'true' : false,
    }, words[kind]);
    made.addEventListener('click', () => { if (!isIdle) act(); });
    return made;
  }

  function warnings(entry, told) {
    const said = [];
    if (told && !told.exists) said.push(words.gone);
    if (told && told.line === entry.line && told.bare.length) said.push(fill(words.bare, { numbers: told.bare.join('; ') }));
    if (told && told.line === entry.line && told.problem) said.push(told.problem);
    return said.map((text) => element('p', { class: 'warning' }, text));
  }

  function item(entry, place, total) {
    const told = known.get(entry.reference);
    const label = told ? told.label : entry.reference;
    const kind = entry.reference.split('#')[1]?.split(':')[0];
    const where = element('p', { class: 'note' }, words[kind] || '');
    if (told && told.title) where.append(' · ', element('a', { href: told.address }, told.title));
    if (told && told.heading) where.append(` · ${told.heading}`);
    const field = element('input', {
      id: `line-${place}`, type: 'text', maxlength: words.longest, autocomplete: 'off', value: entry.line,
    });
    field.addEventListener('input', () => keep(entry.reference, field.value));
    field.addEventListener('change', learn);
    return element('li', { 'data-reference': entry.reference, 'data-known': told ? 'yes' : false },
      element('p', { class: 'label' }, label), where,
      element('label', { for: `line-${place}` }, words.line), field,
      ...warnings(entry, told),
      element('div', { class: 'moves', role: 'group', 'aria-label': label },
        button('up', place, label, place === 0, () => move(place, -1)),
        button('down', place, label, place === total - 1, () => move(place, 1)),
        button('take', place, label, false, () => take(place))));
  }

  /* Where nothing but a line was changed, no button is put in another's place under a finger. */
  function renew() {
    const entries = read();
    const shown = [...list.children];
    const isSame = entries.length === shown.length && entries.every((entry, place) => (
      shown[place].dataset.reference === entry.reference && shown[place].dataset.known
    ));
    if (!isSame) { draw(); return; }
    entries.forEach((entry, place) => {
      shown[place].querySelectorAll('.warning').forEach((node) => node.remove());
      shown[place].querySelector('.moves').before(...warnings(entry, known.get(entry.reference)));
    });
    document.body.dataset.ready = String(asked);
  }

  function draw() {
    const entries = read();
    const before = document.activeElement;
    const held = before && before.id && list.contains(before)
      ? [before.id, before.selectionStart, before.selectionEnd] : null;
    const pressed = before && list.contains(before) && before.dataset.kind
      ? [before.dataset.kind, before.closest('li').dataset.reference] : null;
    list.replaceChildren(...entries.map((entry, place) => item(entry, place, entries.length)));
    count.textContent = fill(words.count, { n: entries.length });
    tools.hidden = list.hidden = entries.length === 0;
    nothing.hidden = entries.length > 0;
    document.body.dataset.ready = String(asked);
    if (pressed) focusOn(pressed[0], pressed[1]);
    const field = held && document.getElementById(held[0]);
    if (field) {
      field.focus();
      field.setSelectionRange(held[1], held[2]);
    }
  }

  function focusOn(kind, reference) {
    const found = list.querySelector(`li[data-reference="${CSS.escape(reference)}"] [data-kind="${kind}"]`);
    if (found) found.focus();
  }

  function keep(reference, line) {
    write(read().map((one) => (one.reference === reference ? { reference, line } : one)));
  }

  function move(place, steps) {
    const entries = read();
    const [moved] = entries.splice(place, 1);
    entries.splice(place + steps, 0, moved);
    write(entries);
    draw();
    focusOn(steps < 0 ? 'up' : 'down', moved.reference);
    say(fill(words.moved, { n: place + steps + 1 }));
  }

  function take(place) {
    const entries = read();
    entries.splice(place, 1);
    write(entries);
    draw();
    const next = entries[Math.min(place, entries.length - 1)];
    if (next) focusOn('take', next.reference);
    else nothing.focus();
    say(fill(words.basket_taken, { n: entries.length }));
  }

  async function fetchDocument(form) {
    say(words.making);
    try {
      const answer = await send(form);
      if (!answer.ok) { await complain(answer); return; }
      const name = (answer.headers.get('Content-Disposition') || '').match(/filename="([^"]+)"/);
      const address = URL.createObjectURL(await answer.blob());
      const saved = element('a', { href: address, download: name ? name[1] : `basket.${form}` });
      saved.click();
      setTimeout(() => URL.revokeObjectURL(address), 60000);
      say(fill(words.made, { name: saved.download }));
    } catch (lost) {
      say(words.failed);
    }
  }

  ['docx', 'zip'].forEach((form) => {
    document.getElementById(form).addEventListener('click', () => fetchDocument(form));
  });
  document.getElementById('empty').addEventListener('click', () => {
    write([]);
    draw();
    nothing.focus();
    say(words.emptied);
  });
  window.addEventListener('storage', (event) => { if (event.key === KEY || event.key === null) learn(); });
  if (read().length) status.textContent = words.reading;
  learn();
})();
