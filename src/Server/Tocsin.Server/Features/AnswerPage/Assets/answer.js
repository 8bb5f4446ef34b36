// Makes the answer page work on a bad line: an answer that cannot leave is kept and sent again. The page works without this.
'use strict';
(() => {
  const form = document.querySelector('form');
  const key = 'tocsin-answer:' + location.pathname;
  if ('serviceWorker' in navigator) navigator.serviceWorker.register('/a/worker.js', { scope: '/a/' }).catch(() => {});
  const status = document.getElementById('status');
  const say = (text) => {
    const line = document.createElement('p');
    line.className = 'notice';
    line.textContent = text;
    status.replaceChildren(line);
    line.scrollIntoView({ block: 'nearest' });
  };

  // The answer survives a closed page: it is in storage before it is sent, and leaves it only once the server has it. Where the browser stores nothing, it waits as long as the page is open.
  let waiting = null;
  const keep = (fields) => {
    waiting = fields;
    try {
      if (fields) localStorage.setItem(key, JSON.stringify(fields));
      else localStorage.removeItem(key);
    } catch {}
  };
  const kept = () => {
    try {
      return waiting ?? JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  };

  // What the server will not take the next time either. Anything but these and its redirect comes from somewhere in between, and the answer is sent again.
  const refusals = { 400: '&notice=Refused', 404: '', 429: '&notice=TooMany' };
  const send = async (fields) => {
    const response = await fetch(location.pathname, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });
    const isTaken = response.type === 'opaqueredirect';
    if (!isTaken && !(response.status in refusals)) throw new Error('not kept');
    keep(null);
    location.replace(location.pathname + '?lang=' + fields.lang + (isTaken ? '' : refusals[response.status]));
  };
  const flush = () => {
    const fields = kept();
    if (fields) send(fields).catch(() => form && say(form.dataset.kept));
  };
  addEventListener('online', flush);
  setInterval(flush, 15000);
  flush();

  // The alert is over: what was answered before leaves all the same.
  if (!form) return;

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const fields = Object.fromEntries(new FormData(form, event.submitter));
    fields.at = new Date().toISOString();
    keep(fields);
    for (const button of form.querySelectorAll('button')) button.disabled = true;
    send(fields)
      .catch(() => say(form.dataset.kept))
      .finally(() => {
        for (const button of form.querySelectorAll('button')) button.disabled = false;
      });
  });

  const position = document.getElementById('position');
  if ('geolocation' in navigator) {
    position.hidden = false;
    position.addEventListener('click', () =>
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          form.elements.latitude.value = coords.latitude;
          form.elements.longitude.value = coords.longitude;
          form.elements.accuracy.value = coords.accuracy;
          say(form.dataset.position);
        },
        () => say(form.dataset.noPosition),
        { enableHighAccuracy: true, timeout: 15000 },
      ),
    );
  }
})();
