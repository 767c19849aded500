/* What this browser keeps of the basket: references in an order, each with a line of one's own.
   No figure is kept, and nothing is sent before its owner asks for the list or a document. */
(function () {
  const KEY = 'patokaz-basket';
  const MOST = 40;

  function isEntry(one) {
    return one && typeof one.reference === 'string';
  }

  function read() {
    try {
      const held = JSON.parse(localStorage.getItem(KEY) || '[]');
      if (!Array.isArray(held)) return [];
      return held.filter(isEntry).slice(0, MOST)
        .map((one) => ({ reference: one.reference, line: typeof one.line === 'string' ? one.line : '' }));
    } catch (refused) {
      return [];
    }
  }

  function write(entries) {
    try {
      localStorage.setItem(KEY, JSON.stringify(entries));
      return true;
    } catch (refused) {
      return false;
    }
  }

  function fill(sentence, values) {
    return Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, value), sentence);
  }

  window.patokazBasket = { KEY, MOST, read, write, fill };
})();
